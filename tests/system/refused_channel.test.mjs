/** What the service refuses is held, or given up with a record where it is the message's own fault; all else goes on. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { assertBalanced } from '../support/harness/accounting.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { letPass, until } from '../support/harness/until.mjs';

const gatewayId = 'sensor-42', telemetry = `fleet/${gatewayId}/telemetry`;
const seconds = (n) => n * 1000;

/** How long the channel is refused. The hold of that time lasts a minute at first, then twice that, up to five. */
const refusedFor = process.env.FIELDLINK_LONG ? seconds(600) : seconds(20);
const longestHold = process.env.FIELDLINK_LONG ? seconds(300) : seconds(60);

const plain = { slaves: false, sensors: {} };

async function online(site) {
    site.gateway.start();
    await site.gateway.connected();
    await until('readings', () => site.readings('simulated').length >= 5);
}

/** What status says while the channel is refused: the rest goes on, and nothing is given up. */
function assertHeld({ uplink, outbox }) {
    assert.equal(uplink.state, 'connected', JSON.stringify(uplink));
    assert.match(uplink.last_error, /on fleet\/sensor-42\/telemetry: channel_not_authorized/);
    assert.match(uplink.last_error, /stays? owed.*uplink\.channels/, 'what becomes of it, and what a person should do');
    assert.deepEqual([outbox.dropped_readings, outbox.quarantined_readings], [0, 0]);
    assertBalanced({ outbox });
}

/** The service changes its mind about the channel, on a connection that goes on. */
const byOrder = {
    begin: ({ cloud }) => cloud.faults.order({
        at: 'publish', do: 'error', code: 'channel_not_authorized', channel: telemetry, times: null, only: gatewayId }),
    end: ({ cloud }) => cloud.faults.clear(),
};

/** The next token has all channels save this one; then there is a good one again. */
const byToken = {
    begin(site) {
        const channels = [`fleet/${gatewayId}/cmd`, `fleet/${gatewayId}/cmd/**`];
        site.provisioning.mint = (device) => site.cloud.token(device, { channels });
        site.cutLink();
    },
    end(site) {
        site.provisioning.mint = (device) => site.cloud.token(device);
        site.cutLink();
    },
};

async function endures(site, t, trouble) {
    await online(site);
    const { errors } = site.cloud.counters.of(gatewayId);
    trouble.begin(site);
    await until('the first refusal', () => errors.channel_not_authorized > 0);
    const came = site.readings('simulated').length, end = Date.now() + refusedFor;
    let commands = 0;
    for (; Date.now() < end; ++commands) {
        const { status } = await site.command({ type: 'ping' });
        assert.equal(status, 'done', 'results have a channel of their own');
        assertHeld(await site.gateway.untilStatus('knows of it', ({ uplink }) => /not_authorized/.test(uplink.last_error)));
        await letPass(500);
    }
    assert.equal(site.readings('simulated').length, came, 'nothing of the channel was taken');
    const { outbox: { owed_messages: owed } } = await site.gateway.status();
    assert.ok(errors.channel_not_authorized <= 10, `${errors.channel_not_authorized} publishes were refused: it is not held`);
    trouble.end(site);
    const comes = () => site.readings('simulated').length > came;
    await until('the channel is tried again', comes, { within: longestHold + seconds(20) });
    t.diagnostic(`${errors.channel_not_authorized} publishes refused in ${refusedFor / 1000} s, ${commands} commands answered, `
        + `${owed} messages owed`);
    assert.match(site.gateway.log(), /error: .*channel_not_authorized/);
    assert.match(site.gateway.log(), /takes .*telemetry after refusing it/);
}

async function assertNothingLost(site) {
    const counts = await site.end();
    const committed = await site.outboxMessages();
    assert.deepEqual([counts.dropped_readings, counts.quarantined_readings], [0, 0], JSON.stringify(counts));
    site.assertWhole(counts.last_seq);
    site.assertReceivedAll(committed);
    site.assertAccounted(counts);
    assert.deepEqual(site.gaps, []);
}

/** The sensor's count that the service cannot bear, wherever it stands. */
const poison = 30;
const isPoisoned = ({ readings = [] }) => readings.some(({ values }) => values?.count === poison);

/** The message, once it was refused in a publish of its own. */
const refusedAlone = (order) => until('it is refused alone',
    () => order.hits > 0 && !order.frame.includes('"messages":[') && JSON.parse(order.frame).data);

async function givesUp(site, t) {
    const order = site.cloud.faults.order({
        at: 'publish', do: 'error', code: 'malformed_message', contains: `"count":${poison},`, times: null, only: gatewayId });
    await online(site);
    const bad = await refusedAlone(order);
    assert.ok(isPoisoned(bad), JSON.stringify(bad));
    await until('others are taken', () => site.readings('simulated').some(({ values }) => values.count > poison + 10));
    const { uplink, outbox } = await site.gateway.status();
    assert.deepEqual([uplink.refused_messages, outbox.quarantined_readings], [0, 0], 'on one connection is not for good');
    site.cutLink();
    const status = await site.gateway.untilStatus('gives it up', (now) => now.uplink.refused_messages === 1);
    assert.match(status.uplink.last_error, new RegExp(`message ${bad.seq} .*twice.*malformed_message.*gap record`));
    await until('the gap record', () => site.gaps.length > 0);
    const hits = order.hits;

    const counts = await site.end();
    t.diagnostic(`message ${bad.seq} with ${bad.readings.length} readings was refused ${order.hits} times`);
    assert.equal(order.hits, hits, 'it is not sent again');
    assert.deepEqual([counts.quarantined_readings, counts.dropped_readings], [bad.readings.length, 0], JSON.stringify(counts));
    assertRecorded(site, bad);
    const others = (await site.outboxMessages()).filter(({ seq }) => seq !== bad.seq);
    site.assertWhole(counts.last_seq);
    site.assertReceivedAll(others);
    assert.equal(site.ledger.readings + counts.quarantined_readings, counts.read_readings, JSON.stringify(counts));
}

function assertRecorded(site, { seq, readings }) {
    assert.equal(site.gaps.length, 1, JSON.stringify(site.gaps));
    const [{ reason, from_seq: from, to_seq: to, messages, readings: lost, sensors }] = site.gaps;
    assert.deepEqual({ reason, from, to, messages, lost, sensors },
        { reason: 'refused', from: seq, to: seq, messages: 1, lost: readings.length, sensors: ['simulated'] });
}

describe('refused', { concurrency: true }, () => {
    for (const [what, trouble] of [['the service', byOrder], ['the token', byToken]]) {
        siteTest(`a channel that ${what} does not allow for ${refusedFor / 1000} s loses nothing, and holds up no other`,
            { ...plain, timeout: refusedFor + longestHold + seconds(120) }, async (site, t) => {
                await endures(site, t, trouble);
                await assertNothingLost(site);
            });
    }
    siteTest('a message that is refused on two connections is given up, with a gap record', plain, givesUp);
});
