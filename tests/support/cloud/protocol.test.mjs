import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { bareClient, sdkClient, startService } from './testing.mjs';

const everything = { channels: ['**'], permissions: ['publish', 'subscribe', 'send', 'presence'] };

test('the official SDK subscribes to a pattern and gets what a gateway publishes', async (t) => {
    const service = await startService(t);
    const backend = await sdkClient(t, service, service.token('backend', { channels: ['fleet/**'] }));
    const gateway = await sdkClient(t, service, service.token('gw'));
    const messages = [];
    backend.on('message', (message) => messages.push(message));
    await backend.subscribe('fleet/**');
    await gateway.publish('fleet/gw/telemetry', { seq: 1 });
    await gateway.publish('fleet/gw/cmd/result', { seq: 2 });
    await backend.publish('fleet/gw/cmd', {});
    assert.deepEqual(messages, [
        { channel: 'fleet/gw/telemetry', from: 'gw', data: { seq: 1 } },
        { channel: 'fleet/gw/cmd/result', from: 'gw', data: { seq: 2 } },
    ]);
    assert.deepEqual(service.counters.of('gw').publishes, { 'fleet/gw/telemetry': 1, 'fleet/gw/cmd/result': 1 });
    assert.equal(service.counters.of('gw').acks, 2);
});

test('the SDK is refused what its token does not reach', async (t) => {
    const service = await startService(t);
    const gateway = await sdkClient(t, service, service.token('gw'));
    const reader = await sdkClient(t, service, service.token('reader', { permissions: ['subscribe'] }));
    await assert.rejects(gateway.subscribe('fleet/**'), { name: 'channel_not_authorized' });
    await assert.rejects(gateway.publish('fleet/other/telemetry', 1), { name: 'channel_not_authorized' });
    await assert.rejects(gateway.send('reader', 1), { name: 'action_not_permitted' });
    await assert.rejects(reader.publish('fleet/reader/x', 1), { name: 'action_not_permitted' });
});

test('the sender gets no copy of its own, and a subscriber under two patterns one', async (t) => {
    const service = await startService(t);
    const one = await bareClient(t, service, service.token('one', everything));
    const two = await bareClient(t, service, service.token('two', { ...everything, permissions: ['subscribe'] }));
    await one.ask({ type: 'subscribe', channel: 'a', requestId: '1' });
    await one.next();
    for (const channel of ['a', '*']) await two.ask({ type: 'subscribe', channel, requestId: channel });
    assert.equal((await one.next()).type, 'presence');
    one.send({ type: 'publish', channel: 'a', data: null, requestId: '2' });
    one.send({ type: 'publish', channel: 'a', data: 'second', requestId: '3' });
    assert.deepEqual(
        [await one.next(), await one.next()],
        [
            { type: 'ack', requestId: '2' },
            { type: 'ack', requestId: '3' },
        ],
    );
    assert.deepEqual(await two.next(), { type: 'message', channel: 'a', from: 'one', data: null });
    assert.equal((await two.next()).data, 'second');
});

test('each wrong frame draws its error code', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw', everything));
    const table = [
        ['malformed_message', 'no json'],
        ['malformed_message', '[]'],
        ['malformed_message', '{}'],
        ['malformed_message', { type: 'publish', channel: 'a', data: 1, requestId: 7 }],
        ['malformed_message', { type: 'publish', channel: 'a', data: 1, requestId: '' }],
        ['malformed_message', { type: 'publish', channel: 'a', data: 1, requestId: 'é'.repeat(65) }],
        ['unknown_type', { type: 'dance' }],
        ['unknown_type', { type: 'constructor' }],
        ['invalid_channel', { type: 'subscribe', requestId: 'r' }],
        ['invalid_channel', { type: 'publish', channel: '', data: 1, requestId: 'r' }],
        ['channel_reserved', { type: 'publish', channel: '_internal/x', data: 1, requestId: 'r' }],
        ['missing_data', { type: 'publish', channel: 'a', requestId: 'r' }],
        ['missing_data', { type: 'send', to: 'x', requestId: 'r' }],
        ['invalid_peer_id', { type: 'send', to: '', data: 1, requestId: 'r' }],
        ['peer_not_found', { type: 'send', to: 'nobody', data: 1, requestId: 'r' }],
    ];
    for (const [code, frame] of table) {
        const answer = await client.ask(frame);
        assert.equal(answer.type, 'error');
        assert.equal(answer.code, code, JSON.stringify(frame));
        assert.equal(answer.requestId, frame.requestId === 'r' ? 'r' : undefined);
    }
});

test('a request without a requestId is carried out but never acked', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    client.send({ type: 'publish', channel: 'fleet/gw/t', data: 1 });
    assert.deepEqual(await client.ask({ type: 'ping' }), { type: 'pong' });
    assert.deepEqual(service.counters.of('gw').publishes, { 'fleet/gw/t': 1 });
});

test('a binary frame is malformed even if its bytes would be a request', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
    assert.equal((await client.next()).code, 'malformed_message');
});

test('presence comes after the ack and only with the permission for it', async (t) => {
    const service = await startService(t);
    const deaf = await bareClient(t, service, service.token('deaf', { ...everything, permissions: ['subscribe'] }));
    const client = await bareClient(t, service, service.token('eye', everything));
    const subscribe = { type: 'subscribe', channel: 'room', requestId: 'r' };
    assert.equal((await deaf.ask(subscribe)).type, 'ack');
    assert.equal((await client.ask(subscribe)).type, 'ack');
    assert.deepEqual(await client.next(), {
        type: 'presence',
        channel: 'room',
        joined: [{ peerId: 'deaf' }],
        left: [],
    });
    deaf.socket.close();
    assert.deepEqual(await client.next(), {
        type: 'presence',
        channel: 'room',
        joined: [],
        left: [{ peerId: 'deaf' }],
    });
    assert.deepEqual(deaf.frames, []);
});

test('a direct frame reaches its peer with the sender stamped by the service', async (t) => {
    const service = await startService(t);
    const sender = await sdkClient(t, service, service.token('one', everything));
    const receiver = await sdkClient(t, service, service.token('two', everything));
    const arrived = new Promise((resolve) => {
        receiver.on('direct', resolve);
    });
    await sender.send('two', { from: 'somebody else' });
    assert.deepEqual(await arrived, { from: 'one', data: { from: 'somebody else' } });
});

test('the metadata of a sender is stamped only for those who ask', async (t) => {
    const service = await startService(t);
    const peerMetadata = { name: 'boiler house' };
    const sender = await bareClient(t, service, service.token('gw', { peerMetadata }));
    const curious = await bareClient(t, service, service.token('a', { channels: ['**'] }));
    const other = await bareClient(t, service, service.token('b', { channels: ['**'] }));
    await curious.ask({ type: 'subscribe', channel: '**', includeSenderMetadata: true, requestId: 'r' });
    await other.ask({ type: 'subscribe', channel: '**', requestId: 'r' });
    sender.send({ type: 'publish', channel: 'fleet/gw/t', data: 1 });
    assert.deepEqual((await curious.next()).fromMetadata, peerMetadata);
    assert.ok(!('fromMetadata' in (await other.next())));
});

test('a channel with a star in its name is one channel when published to', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw', { channels: ['a*'] }));
    assert.equal((await client.ask({ type: 'publish', channel: 'a*b', data: 1, requestId: 'r' })).type, 'ack');
    const narrow = await bareClient(t, service, service.token('nw', { channels: ['axb'] }));
    assert.equal(
        (await narrow.ask({ type: 'publish', channel: 'a*b', data: 1, requestId: 'r' })).code,
        'channel_not_authorized',
    );
});

test('serverTime can be milliseconds, as some services send it', async (t) => {
    const service = await startService(t, { serverTimeUnit: 'ms' });
    const client = await bareClient(t, service, service.token('gw'));
    assert.ok(client.welcome.serverTime > 1e11);
});

test('a holder of a secret key can publish under any name', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    await client.ask({ type: 'subscribe', channel: 'fleet/gw/cmd', requestId: 'r' });
    service.publishAs('forged', 'fleet/gw/cmd', { type: 'ping' });
    assert.equal((await client.next()).from, 'forged');
});

test('those who watch the service see each publish', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    const seen = once(service, 'publish');
    client.send({ type: 'publish', channel: 'fleet/gw/t', data: { a: 1 } });
    assert.deepEqual(await seen, [{ from: 'gw', channel: 'fleet/gw/t', data: { a: 1 } }]);
});
