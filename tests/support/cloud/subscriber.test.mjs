import assert from 'node:assert/strict';
import test from 'node:test';
import { FleetSubscriber } from './subscriber.mjs';
import { bareClient, startService } from './testing.mjs';

/** A service, a subscriber on the official SDK, and a bare gateway `gw` that publishes and waits for the ack. */
async function fleet(t) {
    const service = await startService(t);
    const token = () => service.token('backend', { channels: ['fleet/**'] });
    const subscriber = await new FleetSubscriber({ url: service.url, token }).start();
    t.after(() => subscriber.stop());
    const gateway = await bareClient(t, service, service.token('gw'));
    let requests = 0;
    const publish = async (data, channel = 'telemetry') => {
        const requestId = `r${++requests}`;
        const seen = new Promise((resolve) => {
            subscriber.client.once('message', resolve);
        });
        gateway.send({ type: 'publish', channel: `fleet/gw/${channel}`, data, requestId });
        let answer;
        do answer = await gateway.next();
        while (answer.type === 'message');
        assert.deepEqual(answer, { type: 'ack', requestId });
        await seen;
    };
    return { service, subscriber, gateway, publish };
}

function message(seq, prev, more = {}) {
    const readings = [{ sensor: 'boiler', ts: seq, values: { t: seq } }];
    const content = 'gap' in more || 'result' in more ? {} : { readings };
    return { messageId: `gw:e1:${seq}`, seq, ...(prev ? { prev: `e1:${prev}` } : {}), ts: seq, ...content, ...more };
}

test('everything that came is there once, though it was sent twice and in shared publishes', async (t) => {
    const { subscriber, publish } = await fleet(t);
    await publish(message(1));
    await publish(message(1));
    await publish({ messages: [message(2, 1), message(3, 2)] });
    await publish(message(3, 2));
    const ledger = subscriber.gateway('gw');
    assert.equal(ledger.messages, 3);
    assert.equal(ledger.duplicates, 2);
    assert.deepEqual(
        [...ledger.allReadings()].map(({ values }) => values.t),
        [1, 2, 3],
    );
    assert.equal(subscriber.verify().ok, true);
});

test('an injected hole is found, and accepted once a gap record names it', async (t) => {
    const { subscriber, publish } = await fleet(t);
    await publish(message(1));
    await publish(message(4, 3));
    const { ok, holes } = subscriber.verify();
    assert.equal(ok, false);
    assert.deepEqual(
        holes.map(({ from, to }) => [from, to]),
        [
            [2, 2],
            [3, 3],
        ],
    );
    await publish(
        message(5, 4, {
            gap: { epoch: 'e1', from_seq: 2, to_seq: 3, messages: 2, readings: 2, reason: 'outbox_full' },
        }),
    );
    assert.deepEqual(subscriber.verify(), {
        ok: true,
        holes: [],
        incomplete: [],
        chain: [],
        conflicts: [],
        malformed: [],
        overcounted: 0,
    });
});

test('the same id with other content, a wrong envelope and a misshapen message are all told', async (t) => {
    const { subscriber, publish } = await fleet(t);
    await publish(message(1));
    await publish({ ...message(1), readings: [{ sensor: 'boiler', ts: 1, values: { t: 99 } }] });
    await publish({ messages: [message(2, 1)] });
    await publish({ ...message(3, 2), seq: 4 });
    const { ok, conflicts, malformed } = subscriber.verify();
    assert.equal(ok, false);
    assert.equal(conflicts[0].messageId, 'gw:e1:1');
    assert.match(malformed[0].problem, /envelope of 1/);
    assert.match(malformed[1].problem, /seq 4 is not that of/);
});

test('each message and each reading is announced once', async (t) => {
    const { subscriber, publish } = await fleet(t);
    const seen = [];
    subscriber.on('message', (gateway, channel, { seq }) => seen.push([gateway, channel, seq]));
    subscriber.on('readings', (gateway, readings) => seen.push([gateway, readings.length]));
    await publish(message(1));
    await publish(message(1));
    assert.deepEqual(seen, [
        ['gw', 'fleet/gw/telemetry', 1],
        ['gw', 1],
    ]);
});

/** Answers commands on the bare gateway: the n-th one that comes by `answers(n, command)`, null for silence. */
async function obey({ gateway, publish }, answers) {
    const request = { type: 'subscribe', channel: 'fleet/gw/cmd', requestId: 'cmd' };
    assert.equal((await gateway.ask(request)).type, 'ack');
    return (async () => {
        for (let n = 1; ; ++n) {
            const { data } = await gateway.next();
            const result = answers(n, data);
            if (result) return publish(message(1, undefined, { result }), 'cmd/result');
        }
    })();
}

test('a command resolves with its result', async (t) => {
    const all = await fleet(t);
    const obeyed = obey(all, (_, { type, id, point }) => ({ id, type, status: 'done', value: point }));
    const result = await all.subscriber.command('gw', { type: 'read', sensor: 'boiler', point: 't' });
    assert.equal(result.status, 'done');
    assert.equal(result.value, 't');
    await obeyed;
});

test('a command is sent again under its id until the result comes', async (t) => {
    const all = await fleet(t);
    const ids = [];
    const obeyed = obey(all, (n, { id }) => {
        ids.push(id);
        return n < 3 ? null : { id, status: 'done' };
    });
    assert.deepEqual(await all.subscriber.command('gw', { type: 'ping', id: 'c-1' }, { repeatMs: 5 }), {
        id: 'c-1',
        status: 'done',
    });
    await obeyed;
    assert.deepEqual(ids, ['c-1', 'c-1', 'c-1']);
});

test('the result of another command, or of another gateway, is not taken', async (t) => {
    const all = await fleet(t);
    const obeyed = obey(all, () => ({ id: 'c-8', status: 'done' }));
    const forgotten = all.subscriber.command('gw', { type: 'ping', id: 'c-9' }, { timeoutMs: 300 });
    const foreign = { messageId: 'other:e1:1', seq: 1, ts: 1, result: { id: 'c-9', status: 'done' } };
    all.service.publishAs('other', 'fleet/other/cmd/result', foreign);
    await Promise.all([obeyed, assert.rejects(forgotten, /no result of ping c-9/)]);
});

test('a command that nobody answers is rejected by its time', async (t) => {
    const { subscriber } = await fleet(t);
    await assert.rejects(
        subscriber.command('gw', { type: 'ping', id: 'c-2' }, { timeoutMs: 50 }),
        /no result of ping c-2 in 50 ms/,
    );
});

test('an interruption of the subscriber itself is counted', async (t) => {
    const { service, subscriber } = await fleet(t);
    assert.equal(subscriber.interruptions, 0);
    const gone = new Promise((resolve) => {
        subscriber.client.once('disconnected', resolve);
    });
    service.cut({ only: 'backend' });
    await gone;
    assert.equal(subscriber.interruptions, 1);
});
