import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { Consumer, intervals } from './consumer.mjs';
import { bareClient, startService } from './testing.mjs';

test('numbers become the intervals that they fill', () => {
    assert.deepEqual(intervals([]), []);
    assert.deepEqual(intervals([7]), [[7, 7]]);
    assert.deepEqual(intervals(new Set([10, 2, 1, 3, 9, 12])), [
        [1, 3],
        [9, 10],
        [12, 12],
    ]);
});

/** A consumer, and a bare gateway `gw` that reads what comes on its commands channel. */
async function scene(t) {
    const service = await startService(t);
    const token = () => service.token('backend-store', { channels: ['fleet/**'] });
    const consumer = await new Consumer({ url: service.url, token, confirmEveryMs: 20 }).start();
    t.after(() => consumer.stop());
    const gateway = await bareClient(t, service, service.token('gw'));
    await gateway.ask({ type: 'subscribe', channel: 'fleet/gw/cmd', requestId: 's' });
    const publish = async (data) => {
        const arrived = once(consumer, 'arrival');
        gateway.send({ type: 'publish', channel: 'fleet/gw/telemetry', data });
        await arrived;
    };
    const receipt = async () => {
        const { channel, from, data } = await gateway.next();
        assert.deepEqual([channel, from], ['fleet/gw/cmd', 'backend-store']);
        return data;
    };
    return { consumer, publish, receipt };
}

const message = (seq, more = {}) => ({
    messageId: `gw:e1:${seq}`,
    seq,
    ts: seq,
    readings: [{ sensor: 'boiler', ts: seq, values: { t: seq } }],
    ...more,
});
const receiptOf = (...seqs) => ({ type: 'receipt', epoch: 'e1', seqs });

test('what is stored is confirmed, and again when it comes again', async (t) => {
    const { publish, receipt } = await scene(t);
    await publish(message(1));
    assert.deepEqual(await receipt(), receiptOf([1, 1]));
    await publish(message(1));
    assert.deepEqual(await receipt(), receiptOf([1, 1]));
});

test('a message in parts is confirmed when all of it is there', async (t) => {
    const { consumer, publish, receipt } = await scene(t);
    const part = (first) => ({ messageId: `gw:e1:1/${first}-${first}`, part: { first, count: 1, of: 2 } });
    consumer.confirms = false;
    await publish(message(1, part(0)));
    await publish(message(2));
    consumer.confirms = true;
    assert.deepEqual(await receipt(), receiptOf([2, 2]));
    await publish(message(1, part(1)));
    assert.deepEqual(await receipt(), receiptOf([1, 1]));
});

test('one that only stores confirms all of it later, also after it was away', async (t) => {
    const { consumer, publish, receipt } = await scene(t);
    consumer.confirms = false;
    for (const seq of [1, 2, 4]) await publish(message(seq));
    await consumer.stop();
    await consumer.start();
    consumer.confirms = true;
    assert.deepEqual(await receipt(), receiptOf([1, 2], [4, 4]));
    assert.equal(consumer.gateway('gw').messages, 3);
});
