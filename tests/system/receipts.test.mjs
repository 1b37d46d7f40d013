/** `uplink.confirm: receipt`: only what the final consumer has confirmed is settled, whatever becomes of it or of us. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe } from 'node:test';

import { Consumer } from '../support/cloud/consumer.mjs';
import { assertBalanced } from '../support/harness/accounting.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { letPass, until } from '../support/harness/until.mjs';

const gatewayId = 'sensor-42', commandsChannel = `fleet/${gatewayId}/cmd`;
const seconds = (n) => n * 1000;

/** One sensor without hardware, a message each `every`, and a consumer of whom receipts are taken. */
const receiptSite = ({ timeout = '60s', every = '200ms', ...more } = {}) => ({
    slaves: false, sensors: {}, every, uplink: { confirm: 'receipt', receipt_timeout: timeout },
    config: { batch: { max_age: '100ms' }, commands: { from: ['backend-store'] } }, ...more,
});

/** Notes, from now on, the messages that the gateway publishes though it has published them before. */
function watchRepeats({ cloud }) {
    const seen = new Set(), repeats = [];
    cloud.on('publish', ({ from, data }) => {
        if (from !== gatewayId) return;
        const ids = (data.messages ?? [data]).map(({ messageId }) => messageId);
        repeats.push(...ids.filter((id) => seen.has(id)));
        ids.forEach((id) => seen.add(id));
    });
    return repeats;
}

/** The gateway and its consumer, who is there before it. It is ended before the site is, whatever becomes of the test. */
function receiptTest(name, options, body) {
    siteTest(name, options, async (site, t) => {
        const claims = { channels: ['fleet/**'], permissions: ['publish', 'subscribe'] };
        const consumer = new Consumer({ url: site.cloud.url, token: () => site.cloud.token('backend-store', claims) });
        const repeats = watchRepeats(site);
        await consumer.start();
        try {
            site.gateway.start();
            await body({ site, consumer, repeats, stored: () => consumer.gateway(gatewayId).messages, t });
        } finally {
            await consumer.stop();
        }
    });
}

/** A gateway that polls always owes its last messages. In a last life it hardly polls, and owes nothing in the end. */
async function endQuietly(site) {
    const { gateway } = site;
    await gateway.terminate();
    const yaml = readFileSync(gateway.configPath, 'utf8');
    writeFileSync(gateway.configPath, yaml.replace(/every: .+/, 'every: 1h'));
    assert.notEqual(readFileSync(gateway.configPath, 'utf8'), yaml);
    gateway.start();
    const isQuiet = ({ sensors, outbox, uplink }) => sensors.simulated.polls === 1 && outbox.waiting_readings === 0
        && outbox.owed_messages === 0 && uplink.awaiting_receipt === 0;
    assertBalanced(await gateway.untilStatus('owes nothing', isQuiet, 60_000));
    await gateway.terminate();
    return site.counts();
}

/** Ends the gateway. Everything that it ever committed is settled, and the consumer has it, each once and whole. */
async function assertAllSettled(site, consumer) {
    const counts = await endQuietly(site);
    assert.deepEqual([counts.owed_messages, counts.dropped_readings], [0, 0], JSON.stringify(counts));
    assert.equal(counts.acked_readings, counts.read_readings, JSON.stringify(counts));
    const committed = await site.outboxMessages();
    site.assertWhole(counts.last_seq);
    site.assertReceivedAll(committed);
    site.assertAccounted(counts);
    const { ok, ...found } = consumer.verify({ lastSeq: { [gatewayId]: counts.last_seq } });
    assert.ok(ok, `the consumer has not all of it: ${JSON.stringify(found)}`);
    const { messages, readings } = consumer.gateway(gatewayId);
    assert.deepEqual([messages, readings], [committed.length, counts.read_readings], 'messages and readings that it has');
    return committed.length;
}

/** Waits until so many messages are taken by the service and confirmed by nobody. */
const untilWaiting = (site, count) => site.gateway.untilStatus(`has ${count} messages without a receipt`,
    ({ uplink }) => uplink.awaiting_receipt >= count);

async function settles({ site, consumer, repeats, stored }) {
    await until('messages', () => stored() >= 30);
    const { outbox, uplink } = await site.gateway.drained();
    assert.ok(outbox.acked_readings >= 25, `only ${outbox.acked_readings} readings are settled`);
    assert.equal(uplink.unknown_receipts, 0);
    assert.deepEqual(repeats, [], 'what is confirmed in time is sent once');
    await assertAllSettled(site, consumer);
}

/**
 * While the consumer is down one message an interval is sent again to see whether it is back. Those that were under way
 * when it went, and confirmed by no receipt, may have become due before it counted as down.
 */
const mostRepeats = (downMs, timeoutMs, underWay) => Math.ceil(downMs / timeoutMs) + underWay;

async function endures({ site, consumer, repeats, stored, t }, { downMs, timeoutMs, most }) {
    await until('messages', () => stored() >= 5);
    await consumer.stop();
    const underWay = (await site.gateway.status()).outbox.owed_messages;
    const { outbox: before } = await site.gateway.status();
    await letPass(downMs);
    const { outbox, uplink } = await site.gateway.status();
    assertBalanced({ outbox });
    assert.equal(outbox.acked_readings, before.acked_readings, 'nothing is settled without a receipt');
    assert.ok(uplink.awaiting_receipt > before.owed_messages, 'live messages went out meanwhile');
    const bound = Math.min(most, mostRepeats(downMs, timeoutMs, underWay));
    t.diagnostic(`${uplink.awaiting_receipt} messages without a receipt after ${downMs / 1000} s, ${repeats.length} sent again`);
    assert.ok(repeats.length > 0, 'it is looked whether the consumer is back');
    assert.ok(repeats.length <= bound, `${repeats.length} messages were sent again, not more than ${bound} should be`);
    await consumer.start();
    await site.gateway.drained(seconds(90) + timeoutMs);
    const messages = await assertAllSettled(site, consumer);
    t.diagnostic(`all ${messages} messages are settled, ${repeats.length} were sent more than once`);
}

/** No receipt, though it looks like one. */
const malformed = (epoch) => [
    { epoch, seqs: [[5, 2]] }, { epoch, seqs: [[1]] }, { epoch, seqs: [[1, 2, 3]] }, { epoch, seqs: [['1', 5]] },
    { epoch, seqs: [[-1, 5]] }, { epoch, seqs: [[1.5, 3]] }, { epoch, seqs: [1, 5] }, { epoch, seqs: 'all' },
    { epoch, seqs: { 1: 5 } }, { epoch }, { seqs: [[1, 5]] }, { epoch: 7, seqs: [[1, 5]] }, { epoch: '', seqs: [[1, 5]] },
    { epoch: 'e'.repeat(65), seqs: [[1, 5]] }, { epoch, seqs: [[1, 5], null] },
    { epoch, seqs: Array.from({ length: 4097 }, (_, i) => [i + 1, i + 1]) },
].map((rest) => ({ type: 'receipt', ...rest }));

async function ignoresOthers({ site, consumer }) {
    const answered = [];
    site.subscriber.on('result', (_, { id }) => answered.push(id));
    consumer.confirms = false;
    const { epoch } = await untilWaiting(site, 5);
    /** What was published before is read by the time of the ping's result, and known a few messages later. */
    const assertNothingSettled = async (id, unknown) => {
        assert.equal((await consumer.command(gatewayId, { type: 'ping', id })).status, 'done');
        const { uplink: { awaiting_receipt: waiting } } = await site.gateway.status();
        const { outbox, uplink } = await untilWaiting(site, waiting + 4);
        assert.deepEqual([outbox.acked_readings, uplink.unknown_receipts], [0, unknown], `settled, and unknown numbers: ${id}`);
    };

    await site.subscriber.publish(commandsChannel, { type: 'receipt', epoch, seqs: [[1, 1_000_000]] });
    await assertNothingSettled('after one of a stranger', 0);
    for (const receipt of malformed(epoch)) await consumer.publish(commandsChannel, receipt);
    await assertNothingSettled('after malformed ones', 0);
    await consumer.publish(commandsChannel, { type: 'receipt', epoch, seqs: [[9_000_000, 9_000_009]] });
    await consumer.publish(commandsChannel, { type: 'receipt', epoch: 'feedc0de', seqs: [[1, 5], [7, 7]] });
    await assertNothingSettled('after ones of what was never sent', 16);
    const { ignored_commands: ignored } = await site.gateway.status();
    assert.deepEqual(ignored, { no_commands: 0, direct: 0, receipts: 1, malformed_receipts: malformed(epoch).length });

    assert.ok(answered.every((id) => id?.startsWith('after ')), `a receipt has a result: ${answered}`);
    assert.equal(site.gateway.log().match(/receipts are ignored/g)?.length, 1, 'said, and not again for each');
    consumer.confirms = true;
    await assertAllSettled(site, consumer);
}

async function survivesKill({ site, consumer, repeats }) {
    consumer.confirms = false;
    await untilWaiting(site, 10);
    const { outbox: { acked_readings: settled } } = await site.gateway.status();
    assert.equal(settled, 0);
    const sent = [...consumer.gateway(gatewayId).entries.values()].flatMap(({ ids }) => [...ids]);
    await site.gateway.kill();
    assert.deepEqual(repeats, []);
    site.gateway.start();
    await until('all of it is sent again', () => sent.every((id) => repeats.includes(id)));
    consumer.confirms = true;
    await assertAllSettled(site, consumer);
}

const down = process.env.FIELDLINK_LONG
    ? { site: { timeout: '60s', every: '1s' }, downMs: seconds(600), timeoutMs: seconds(60), most: 20 }
    : { site: { timeout: '2s' }, downMs: seconds(25), timeoutMs: seconds(2), most: 20 };

describe('receipts', { concurrency: true }, () => {
    receiptTest('what the consumer confirms is settled, and is sent once', receiptSite(), settles);
    receiptTest(`a consumer that is down for ${down.downMs / 1000} s gets everything when it is back`,
        { ...receiptSite(down.site), timeout: down.downMs + seconds(240) }, (scene) => endures(scene, down));
    receiptTest('receipts of strangers, of what was never sent, and malformed ones confirm nothing', receiptSite(),
        ignoresOthers);
    receiptTest('what waits for a receipt when the gateway is killed is sent again and settled', receiptSite(), survivesKill);
});
