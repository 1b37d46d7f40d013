/**
 * An outbox that was damaged while the gateway did not run. The file is put aside, what is whole of it is delivered under
 * its ids, and gap records name the rest.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe } from 'node:test';

import { assertBalanced } from '../support/harness/accounting.mjs';
import { loadSensors } from '../support/harness/sensors.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

/** Fills half of the outbox while nothing can be sent, and ends the gateway. Returns what was committed. */
async function stoppedWithBacklog(site) {
    site.gateway.start();
    await site.gateway.connected();
    site.cutLink(600_000);
    await site.gateway.untilStatus('has a backlog', ({ outbox }) => outbox.bytes >= outbox.max_bytes / 4, 60_000);
    await site.gateway.terminate();
    return site.outboxMessages();
}

/** Overwrites with zeros the pages that `choose` takes from the list of all but the first two, [{number, bytes}]. */
async function damage({ gateway }, choose) {
    const [{ page_size: size }] = await gateway.query('PRAGMA page_size');
    const file = readFileSync(gateway.outboxPath);
    const numbers = Array.from({ length: file.length / size - 2 }, (_, i) => i + 2);
    const pages = numbers.map((number) => ({ number, bytes: file.subarray(number * size, (number + 1) * size) }));
    for (const { bytes } of choose(pages)) bytes.fill(0);
    writeFileSync(gateway.outboxPath, file);
}

/** From the third page on, as a controller does that loses a block: most tables have their first page there. */
const beginning = (pages) => pages.slice(0, 8);

/** A third of those that hold readings. */
function someReadings(pages) {
    const full = pages.filter(({ bytes }) => bytes.includes('load0\n'));
    return full.slice(full.length / 3, (full.length * 2) / 3);
}

/** What was committed has come, or is within a gap record that says it was corrupt. Returns how many came. */
function assertComeOrCorrupt(site, committed) {
    const received = new Set([...site.ledger.entries.values()].map(({ epoch, seq }) => `${epoch}:${seq}`));
    const records = site.gaps.filter(({ reason }) => reason === 'corrupt');
    const isWithin = (seq, { from_seq: from = 0, to_seq: to = Infinity }) => from <= seq && seq <= to;
    const names = (gap, { epoch, seq }) => isWithin(seq, gap) && (gap.epoch ?? epoch) === epoch;
    const missing = committed.filter(({ epoch, seq }) => !received.has(`${epoch}:${seq}`));
    const unexplained = missing.filter((message) => !records.some((gap) => names(gap, message)));
    assert.deepEqual(unexplained, [], JSON.stringify(site.gaps));
    return committed.length - missing.length;
}

/** `share`: how much of what was committed must come at least. */
function damageTest(what, choose, share) {
    siteTest(`an outbox of which ${what} destroyed is put aside, and what is whole of it is delivered`, {
        slaves: false,
        sensors: loadSensors({ count: 4, every: '50ms' }),
        config: { outbox: { max_size: '1MiB' }, batch: { max_age: '50ms' } },
    }, async (site, t) => {
        const committed = await stoppedWithBacklog(site);
        await damage(site, choose);
        site.restoreLink();
        site.gateway.start();
        await site.gateway.connected();
        const fresh = Date.now();
        await until('live readings', () => site.readings('load0').some(({ ts }) => ts > fresh));
        const status = await site.gateway.drained();
        assert.equal(status.storage.state, 'ok');
        assertBalanced(status);
        await site.end();

        const beside = readdirSync(site.directory);
        const aside = beside.filter((name) => /^outbox\.db\.damaged-/.test(name) && !/-(wal|shm)$/.test(name));
        assert.equal(aside.length, 1, `the damaged file is kept: ${beside}`);
        const came = assertComeOrCorrupt(site, committed);
        assert.ok(came >= committed.length * share, `only ${came} of ${committed.length} messages came`);
        const { conflicts, malformed, incomplete } = site.verify();
        assert.deepEqual([conflicts, malformed, incomplete], [[], [], []]);
        t.diagnostic(`${came} of ${committed.length} messages came, ${site.gaps.length} gap records`);
        if (choose === someReadings) assert.ok(came < committed.length, 'nothing was destroyed: the test proves nothing');
    });
}

describe('a damaged outbox', { concurrency: 2 }, () => {
    // How much can be had without the tables' first pages is up to the salvage.
    damageTest('the beginning was', beginning, 0);
    damageTest('a third of the readings was', someReadings, 0.4);
});
