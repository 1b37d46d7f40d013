import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';

import { assertBalanced } from '../support/harness/accounting.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { letPass, until } from '../support/harness/until.mjs';

const kills = process.env.FIELDLINK_LONG ? 1000 : 30;
const cuts = 10;

/** Cuts the link now and then, for up to 2 s, until `isOver`. It is dead before it is cut: what was sent then is lost. */
async function cutNowAndThen(site, isOver) {
    let done = 0;
    for (; done < cuts || !isOver(); ++done) {
        await letPass(randomInt(500, 4000));
        site.freezeLink();
        await letPass(randomInt(0, 500));
        site.cutLink(randomInt(0, 2000));
    }
    return done;
}

/** What a life's first status tells of the lives before it. */
async function assertBooksBalance({ gateway }) {
    assertBalanced(await gateway.untilStatus('answers', () => true));
}

/**
 * Starts the gateway and kills it at a random moment: every other time as early as before it is ready, else at a random
 * moment of its work, however long this machine takes to get there, and after a look at its books.
 */
async function killAtRandom(site) {
    for (let i = 0; i < kills; ++i) {
        const before = site.plant.logBytes;
        site.gateway.start();
        if (i % 2 === 0) {
            await until('the gateway polls', () => site.plant.logBytes > before);
            await assertBooksBalance(site);
        }
        await letPass(randomInt(50, 2000));
        assert.ok(site.gateway.child.running, `the gateway ended by itself: ${site.gateway.log().slice(-2000)}`);
        await site.gateway.kill();
        const { messages, readings, conflicts } = site.ledger;
        assert.deepEqual(conflicts, [], 'one id, two contents');
        if ((i + 1) % 50 === 0) console.log(`${i + 1} of ${kills} kills: ${messages} messages with ${readings} readings came`);
    }
}

/** Starts the gateway for the last time and waits until every sensor measures and the subscriber sees it. */
async function liveAgain(site) {
    const since = Date.now();
    site.gateway.start();
    const isLive = (name) => site.readings(name).some((reading) => reading.values && reading.ts > since);
    await until('live readings of every sensor', () => Object.keys(site.sensors).every(isLive), { within: 90_000, every: 200 });
}

siteTest(`${kills} SIGKILLs and ${cuts} link cuts under load lose nothing that was committed`, {
    timeout: 240_000 + kills * 5000,
    every: '50ms',
    config: { batch: { max_age: '50ms' } },
}, async (site, t) => {
    site.gateway.start();
    await site.gateway.connected();
    await site.gateway.kill();
    let over = false;
    const cutting = cutNowAndThen(site, () => over);
    await killAtRandom(site).finally(() => { over = true; });
    const done = await cutting;
    await liveAgain(site);
    assertBalanced(await site.gateway.drained());
    const counts = await site.end();
    const committed = await site.outboxMessages();

    site.assertWhole(committed.at(-1).seq);
    site.assertReceivedAll(committed);
    assert.deepEqual(committed.map(({ seq }) => seq), committed.map((_, i) => i + 1), 'numbers are never reused or skipped');
    const readings = committed.reduce((sum, message) => sum + message.readings, 0);
    assert.equal(site.ledger.readings, readings);
    site.assertAccounted(counts);
    assert.equal(counts.dropped_readings, 0);
    for (const [name, { faults }] of Object.entries(site.compareWithSlaves())) assert.deepEqual(faults, [], name);
    const epochs = new Set(committed.map(({ epoch }) => epoch)).size;
    assert.ok(epochs > kills / 3, `only ${epochs} of ${kills} lives committed anything: the test proves little`);
    t.diagnostic(`${kills} kills, ${done} cuts, ${epochs} epochs, ${committed.length} messages, ${readings} readings, `
        + `${site.ledger.duplicates} duplicates removed`);
});
