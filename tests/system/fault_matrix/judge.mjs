/** What must hold of every row, whatever was done to the gateway. Each thing that does not is one line. */
import assert from 'node:assert/strict';

import { assertBalanced } from '../../support/harness/accounting.mjs';
import { slack } from './verbs.mjs';

const minute = 60_000;

/** The most of these moments within any 60 s. */
export const mostInAMinute = (times) => Math.max(0, ...times.map(
    (begin) => times.filter((at) => at >= begin && at - begin < minute).length));

/** A counter of one more at each poll; after another start of the gateway it begins at 0 again. */
export function brokenCount(counts) {
    const at = counts.findIndex((count, i) => count !== 0 && count !== counts[i - 1] + 1);
    return at < 0 ? null : `the sensor's count is ${counts[at]} after ${counts[at - 1] ?? 'nothing'}: a reading is missing or doubled`;
}

const checks = {
    time({ row, recoveredAt, since }) {
        if (recoveredAt === undefined) return;
        const took = recoveredAt - since;
        assert.ok(took <= row.within + slack, `took ${took} ms, documented are ${row.within}: ${row.by}`);
    },

    /** A message that is tried again too early is as impolite as a connect. */
    politeness({ row, attempts, recoveredAt, trouble }) {
        if (!row.floor || !trouble?.lastAt) return;
        const next = row.ends === 'stays' ? recoveredAt : attempts.find((at) => at > trouble.lastAt);
        if (next === undefined) return;
        // Times are in whole milliseconds.
        const waited = next - trouble.lastAt;
        assert.ok(waited >= row.floor - 1, `tried again after ${waited} ms, the floor is ${row.floor}: ${row.by}`);
    },

    connections({ row, connects }) {
        if (row.ends === 'stays') assert.equal(connects.length, 1, 'the connection should have gone on');
    },

    rate({ row, connects }) {
        const most = row.config?.uplink?.reconnect?.per_minute ?? 60;
        const found = mostInAMinute(connects);
        const times = connects.map((at) => at - connects[0]).join();
        assert.ok(found <= most, `${found} connects in a minute, allowed are ${most}; ms from the first on: ${times}`);
    },

    /** While it lasted the status named it; a trouble that is none leaves it empty. */
    status({ row, statuses, trouble, recoveredAt = Infinity }) {
        const told = statuses.filter(({ at, error }) => at >= (trouble?.firstAt ?? 0) && error !== '');
        const texts = JSON.stringify([...new Set(told.map(({ error }) => error))]);
        if (row.says === null) assert.equal(told.length, 0, `nothing is wrong, but the status says ${texts}`);
        if (!row.says) return;
        const fits = told.some(({ at, error }) => at <= recoveredAt + 1000 && row.says.test(error));
        assert.ok(fits, `the status should say ${row.says} while it lasts, but says ${texts}`);
    },

    /** Where it has to wait for long, it tells until when. */
    waiting({ row, statuses, trouble, healedAt }) {
        if (!row.floor || row.ends === 'stays' || healedAt || !trouble?.lastAt) return;
        const waits = statuses.find(({ at, state, next }) => at >= trouble.lastAt && state === 'waiting' && next);
        const told = waits && waits.next - trouble.lastAt >= row.floor - 1000;
        assert.ok(told, `the status should tell the next attempt: ${JSON.stringify(statuses)}`);
    },

    /** `mayViolate`: at most so often, where the service enforces what it has not told. */
    limits({ row: { violations = {}, mayViolate = {} }, counters }) {
        for (const [code, times] of Object.entries(counters.violations)) {
            const wanted = mayViolate[code] === undefined ? times === violations[code] : times <= mayViolate[code];
            assert.ok(wanted, `the gateway broke a limit of the service: ${code}, ${times} times`);
        }
        for (const code of Object.keys(violations)) assert.ok(counters.violations[code], `there was no ${code}: the row proves nothing`);
    },

    /** What a sanitizer found need not have ended it. A token begins with {" in Base64. */
    journal({ site: { gateway }, statuses }) {
        const said = gateway.log() + JSON.stringify(statuses);
        assert.doesNotMatch(said, /runtime error:|Sanitizer/, 'a sanitizer found something');
        assert.doesNotMatch(said, /eyJ/, 'a credential was told');
    },

    command({ ping }) { assert.equal(ping?.status, 'done', 'commands work after it'); },

    balance({ unbalanced }) { assert.equal(unbalanced, null, 'the books did not balance while it ran'); },
};

/** Ends the gateway and compares what it committed with what came. */
async function judgeBooks({ site, pid }) {
    const { gateway, ledger } = site;
    assert.ok(gateway.child.running && gateway.child.pid === pid, 'the gateway was started once');
    assertBalanced(await gateway.drained());
    const counts = await site.end();
    const committed = await site.outboxMessages();
    const { ok, ...found } = site.verify(counts.last_seq);
    assert.ok(ok && found.overcounted === 0, `not whole: ${JSON.stringify(found).slice(0, 600)}`);
    assert.equal(site.subscriber.interruptions, 0, 'the subscriber itself was cut off: the row proves nothing');
    site.assertReceivedAll(committed);
    site.assertAccounted(counts);
    assert.equal(ledger.readings, committed.reduce((sum, message) => sum + message.readings, 0), 'readings committed and received');
    assert.deepEqual([counts.dropped_readings, counts.owed_messages], [0, 0], 'nothing dropped, nothing owed');
    assert.equal(brokenCount(site.readings('simulated').map(({ values }) => values.count)), null);
}

/** Returns what the table shows. `problems` may have what ended the play. */
export async function judgeRow(scene, problems) {
    const attempt = async (check) => {
        try {
            await check();
        } catch (error) {
            problems.push(error.message);
        }
    };
    const played = problems.length === 0;
    for (const [name, check] of Object.entries(checks)) if (played || name !== 'command') await attempt(() => check(scene));
    // An orderly end may take another start, which is no part of the story.
    const attempts = scene.connects.length;
    if (scene.isConnected()) await attempt(() => judgeBooks(scene));
    if (played) await attempt(() => scene.row.also?.(scene));
    const { site, recoveredAt } = scene;
    if (problems.length > 0) scene.report = site.report();
    return {
        problems, took: recoveredAt === undefined ? undefined : recoveredAt - scene.since, attempts,
        duplicates: site.ledger.duplicates, report: scene.report,
    };
}
