/**
 * An outbox that cannot be opened or written. The gateway works from memory, says so once, with the file, the cause and the
 * remedy, and takes the outbox up again by itself when the cause is gone. Nothing is lost, and nothing comes twice under
 * two ids.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe } from 'node:test';

import { assertBalanced } from '../support/harness/accounting.mjs';
import { Child } from '../support/harness/child.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { inTime, until } from '../support/harness/until.mjs';

const nobody = 65534;
const small = { slaves: false, sensors: {}, every: '100ms' };
const onDisk = { disk: { mebibytes: 32 }, config: { outbox: { max_size: '4MiB' } } };
const needsRoot = process.getuid() === 0 ? false : 'needs root, to run the gateway as somebody else';
const sql = (file, text) => execFileSync('sqlite3', [file, text]);

/** Each poll of this life of the gateway arrived, and under one id only: the counter begins at 0 and rises by one. */
function assertEachPollCameOnce(site, since) {
    const ofThisLife = site.readings('simulated').filter(({ ts }) => ts >= since);
    const counts = ofThisLife.map(({ values }) => values.count).sort((a, b) => a - b);
    assert.deepEqual(counts, counts.map((_, i) => i));
}

/** Lines of the log that say what is wrong with the outbox. */
const complaints = ({ gateway }) => gateway.log().split('\n')
    .filter((line) => line.startsWith('error:') && line.includes(gateway.outboxPath));

/** It is told with the cause and the remedy, once, and the subscriber gets what is read all the same. */
async function worksFromMemory(site, { cause, remedy }) {
    const isDegraded = ({ storage }) => storage.state === 'degraded';
    const { storage } = await site.gateway.untilStatus('tells that its storage is degraded', isDegraded);
    assert.ok(storage.last_error.includes(site.gateway.outboxPath), `names the file: ${storage.last_error}`);
    assert.match(storage.last_error, cause);
    assert.match(storage.last_error, remedy);
    const before = site.readings('simulated').length;
    // Five seconds of them: a commit that is tried every second would be told five times.
    await until('readings from memory', () => site.readings('simulated').length >= before + 50);
    const status = await site.gateway.status();
    assert.ok(isDegraded(status), 'the trouble is still there');
    assertBalanced(status);
    assert.equal(complaints(site).length, 1, site.gateway.log());
}

/** Without a restart the outbox is taken up again, and the subscriber has everything, once. */
async function healsByItself(site, since) {
    const { pid } = site.gateway.child;
    await site.gateway.untilStatus('is healed', ({ storage }) => storage.state === 'ok', 40_000);
    assert.equal(site.gateway.child.pid, pid);
    const before = site.readings('simulated').length;
    await until('readings after the healing', () => site.readings('simulated').length >= before + 20);
    assertBalanced(await site.gateway.drained());
    const counts = await site.end();
    site.assertWhole(counts.last_seq);
    assertEachPollCameOnce(site, since);
    assert.deepEqual(site.gaps, [], 'nothing was lost');
}

/** `prepare(site, t)` makes the trouble before the start and returns what takes it away. */
function atStart(name, options, expected, prepare) {
    siteTest(`at start, ${name}: works from memory and heals`, { ...small, ...options }, async (site, t) => {
        const heal = await prepare(site, t);
        const since = Date.now();
        site.gateway.start();
        await site.gateway.connected();
        await worksFromMemory(site, expected);
        await heal();
        await healsByItself(site, since);
    });
}

/** `make(path)` leaves a file that is not the gateway's: it must stay byte by byte, and healing is to move it away. */
function refusesFile(name, expected, make) {
    atStart(name, {}, { remedy: /outbox\.path|move/, ...expected }, ({ gateway: { outboxPath } }) => {
        make(outboxPath);
        const before = readFileSync(outboxPath);
        return () => {
            assert.deepEqual(readFileSync(outboxPath), before, 'the file was left as it is');
            renameSync(outboxPath, `${outboxPath}.elsewhere`);
        };
    });
}

function directories() {
    const remedy = /chown|owner|belongs|create|outbox\.path/;
    atStart('the directory cannot be made', { outbox: 'blocked/outbox.db' }, { cause: /not a directory/i, remedy }, (site) => {
        const inTheWay = `${site.directory}/blocked`;
        writeFileSync(inTheWay, '');
        return () => { rmSync(inTheWay); mkdirSync(inTheWay); };
    });

    const asNobody = { outbox: 'vault/outbox.db', user: nobody, skip: needsRoot };
    atStart("the directory is somebody else's", asNobody, { cause: /permission/i, remedy }, (site) => {
        const vault = `${site.directory}/vault`;
        mkdirSync(vault, { mode: 0o700 });
        return () => chownSync(vault, nobody, nobody);
    });

    const readOnly = { cause: /read-?only/i, remedy: /mount|writable|outbox\.path/ };
    atStart('the disk is mounted read-only', onDisk, readOnly, async ({ disk }) => {
        await disk.remount('ro');
        return () => disk.remount('rw');
    });
}

function files() {
    refusesFile('the file is the database of another program', { cause: /another program/ },
        (path) => sql(path, 'CREATE TABLE album(title TEXT)'));
    refusesFile('the file is no database at all', { cause: /not an outbox|another program/i },
        (path) => writeFileSync(path, 'Dear diary\n'.repeat(1000)));
    refusesFile('a newer fieldlink wrote the file', { cause: /newer/, remedy: /install|move/ },
        (path) => sql(path, `PRAGMA application_id = ${0x464c4f42}; PRAGMA user_version = 99; CREATE TABLE later(x)`));

    const held = { cause: /in use|locked|held/, remedy: /stop|end|close|outbox\.path/ };
    atStart('another process holds the file', {}, held, async (site, t) => {
        site.gateway.start();
        await site.gateway.connected();
        await site.end();
        const holder = new Child('sqlite3', [site.gateway.outboxPath], { log: `${site.directory}/holder.err` });
        t.after(() => holder.stop('SIGKILL'));
        holder.write("BEGIN EXCLUSIVE;\nSELECT 'held';\n");
        assert.equal(await inTime('the outbox is held', holder.nextLine()), 'held');
        return () => holder.stop('SIGKILL');
    });
}

/** `strike(site)` and `heal(site)` while the gateway runs. */
function whileRunning(name, expected, strike, heal) {
    siteTest(`while running, ${name}: works from memory and heals`, { ...small, ...onDisk }, async (site) => {
        const since = Date.now();
        site.gateway.start();
        await site.gateway.connected();
        await until('readings', () => site.readings('simulated').length >= 20);
        await strike(site);
        await worksFromMemory(site, expected);
        await heal(site);
        await healsByItself(site, since);
    });
}

/** Forbids (`+i`) or allows (`-i`) writing to the outbox's files; what has them open is not spared. */
function changeFiles({ disk }, attribute) {
    const names = readdirSync(disk.path).filter((name) => name.startsWith('outbox.db'));
    execFileSync('chattr', [attribute, ...names.map((name) => `${disk.path}/${name}`)]);
}

function whileItRuns() {
    whileRunning('writing is forbidden', { cause: /write|permitted|permission|I\/O/i, remedy: /; \w/ },
        (site) => changeFiles(site, '+i'), (site) => changeFiles(site, '-i'));
    whileRunning('the disk turns read-only and is replaced', { cause: /read-?only|I\/O/i, remedy: /; \w/ },
        ({ disk }) => disk.fail(), ({ disk }) => disk.replace());
}

// Most of the time they wait: for the gateway to try again.
describe('storage trouble', { concurrency: 4 }, () => [directories, files, whileItRuns].forEach((define) => define()));
