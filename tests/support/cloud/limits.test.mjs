import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { ConnectWindow, TokenBucket } from './limits.mjs';
import { bareClient, startService } from './testing.mjs';

const publish = (size, requestId = 'r') => {
    const frame = { type: 'publish', channel: 'fleet/gw/t', requestId, data: '' };
    return { ...frame, data: 'x'.repeat(size - Buffer.byteLength(JSON.stringify(frame))) };
};

test('the bucket lets through its burst, then its rate', () => {
    const bucket = new TokenBucket(100, 200);
    const takes = (count, now) => Array.from({ length: count }, () => bucket.take(now)).filter(Boolean).length;
    assert.equal(takes(250, 0), 200);
    assert.equal(takes(10, 9), 0);
    assert.equal(takes(10, 50), 5);
    assert.equal(takes(300, 10_000), 200);
    const open = new TokenBucket(Infinity, 1);
    assert.deepEqual([open.take(0), open.take(0), open.take(1)], [true, true, true]);
});

test('the connect window forgets attempts that are older than it', () => {
    const window = new ConnectWindow(2, 1000);
    assert.deepEqual(
        [0, 1, 2, 999].map((at) => window.admit('a', at)),
        [true, true, false, false],
    );
    assert.equal(window.admit('b', 999), true);
    assert.equal(window.admit('a', 5000), true);
});

test('flooding is closed with 4011 after the burst, and counted against its author', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    for (let i = 0; i < 1000; ++i) client.send({ type: 'ping' });
    assert.equal(await client.closed, 4011);
    assert.ok(client.frames.length >= 200, `only ${client.frames.length} pongs`);
    assert.deepEqual(service.counters.of('gw').violations, { 4011: 1 });
});

test('a burst of exactly 200 frames is no flood', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    for (let i = 0; i < 199; ++i) client.send({ type: 'ping' });
    client.send(publish(100, 'last'));
    let frame;
    do frame = await client.next();
    while (frame.type === 'pong');
    assert.deepEqual(frame, { type: 'ack', requestId: 'last' });
});

test('a frame of exactly the limit passes and one byte more is closed with 1009', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    assert.equal((await client.ask(publish(65536))).type, 'ack');
    assert.equal(service.counters.of('gw').largestFrame, 65536);
    client.send(publish(65537));
    assert.equal(await client.closed, 1009);
    assert.deepEqual(service.counters.of('gw').violations, { 1009: 1 });
});

test('a frame beyond all measure is closed with 1009 as well', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    client.send(publish(9 * 1024 * 1024));
    assert.equal(await client.closed, 1009);
    assert.deepEqual(service.counters.of('gw').violations, { 1009: 1 });
});

test('invalid UTF-8 is closed with 1007', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    client.send(Buffer.from([0x22, 0xc3, 0x28, 0x22]));
    assert.equal(await client.closed, 1007);
    assert.deepEqual(service.counters.of('gw').violations, { 1007: 1 });
});

test('a lowered limit is announced to new connections and, when told, enforced on old ones', async (t) => {
    const service = await startService(t);
    const before = await bareClient(t, service, service.token('gw'));
    service.setMaxMessageSize(2000);
    assert.equal((await before.ask(publish(3000))).type, 'ack');
    const after = await bareClient(t, service, service.token('gw'));
    assert.equal(after.welcome.maxMessageSize, 2000);
    service.setMaxMessageSize(1000, { enforceNow: true });
    before.send(publish(1001));
    assert.equal(await before.closed, 1009);
});

test('a limit can be enforced that no welcome tells, until another one is told', async (t) => {
    const service = await startService(t);
    service.setMaxMessageSize(2000, { announce: false });
    const client = await bareClient(t, service, service.token('gw'));
    assert.equal(client.welcome.maxMessageSize, 65536);
    client.send(publish(2001));
    assert.equal(await client.closed, 1009);
    service.setMaxMessageSize(3000);
    assert.equal((await bareClient(t, service, service.token('gw'))).welcome.maxMessageSize, 3000);
});

test('the 101st channel is refused, and one that is given up makes room', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    const ask = (type, i) => client.ask({ type, channel: `fleet/gw/${i}`, requestId: `${type}${i}` });
    for (let i = 0; i < 100; ++i) assert.equal((await ask('subscribe', i)).type, 'ack');
    assert.equal((await ask('subscribe', 100)).code, 'channel_limit_exceeded');
    assert.equal((await ask('subscribe', 7)).type, 'ack');
    assert.equal((await ask('unsubscribe', 7)).type, 'ack');
    assert.equal((await ask('subscribe', 100)).type, 'ack');
});

test('the service pings by itself', async (t) => {
    const service = await startService(t, { pingEveryMs: 20 });
    const client = await bareClient(t, service, service.token('gw'));
    await once(client.socket, 'ping');
});
