import assert from 'node:assert/strict';

import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

const slowBatches = { config: { batch: { max_age: '30s' } } };

/** Every poll that a device answered must be among the committed readings; the simulated sensor's come on top. */
async function assertAllCommitted(site) {
    const committed = await site.outboxMessages();
    const readings = committed.reduce((sum, message) => sum + message.readings, 0);
    const polls = Object.values(site.compareWithSlaves()).reduce((sum, { served }) => sum + served, 0);
    assert.ok(polls > 0 && readings > polls, `${readings} readings committed, ${polls} polls served by the Modbus devices alone`);
    return { committed, readings };
}

siteTest('SIGTERM ends with status 0 within 10 s and everything read is committed and sent', slowBatches, async (site) => {
    site.gateway.start();
    await site.gateway.connected();
    await until('ten polls', () => site.plant.log().length >= 60);
    assert.deepEqual(site.readings('boiler'), [], 'the batch is still open: this test is about its flush');
    assert.deepEqual(await site.gateway.terminate(), { code: 0, signal: null });

    const { committed } = await assertAllCommitted(site);
    for (const [name, { faults, served, matched }] of Object.entries(site.compareWithSlaves())) {
        assert.deepEqual(faults, [], name);
        assert.equal(matched, served, `${name}: a poll that the device answered was lost`);
    }
    site.assertReceivedAll(committed);
    site.assertWhole(committed.at(-1).seq);
});

siteTest('SIGTERM without a link keeps what is owed for the next start', slowBatches, async (site) => {
    site.gateway.start();
    await site.gateway.connected();
    site.cutLink(600_000);
    await until('the link is down', async () => (await site.gateway.status()).uplink.state !== 'connected');
    await until('ten polls', () => site.plant.log().length >= 60);
    assert.deepEqual(await site.gateway.terminate(), { code: 0, signal: null });
    const { readings } = await assertAllCommitted(site);
    const [{ owed_readings: owed }] = await site.gateway.query('SELECT owed_readings FROM ledger');
    assert.equal(owed, readings - site.ledger.readings);
});

siteTest('SIGTERM while the cloud cannot be reached at all ends in time', {}, async (site) => {
    site.cutLink(600_000);
    site.gateway.start();
    await until('polls', () => site.plant.log().length >= 10);
    assert.deepEqual(await site.gateway.terminate(), { code: 0, signal: null });
});
