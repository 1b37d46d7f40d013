import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { makeCertificates } from './certificates.mjs';
import { readFileSync } from 'node:fs';
import { address, bareClient, BareClient, sdkClient, startService, upgradeStatus } from './testing.mjs';

const publish = (requestId, data = 1) => ({ type: 'publish', channel: 'fleet/gw/t', data, requestId });
const connect = (service, options) => new BareClient(address(service, service.token('gw')), options);

/** The error of a client that never gets a WebSocket. */
async function failure(client) {
    await client.closed;
    return client.error?.code;
}

/** Absence takes a while to see: true when nothing came of `happening` in that while. */
async function isSilent(happening) {
    const silence = new Promise((resolve) => {
        setTimeout(resolve, 100, 'silence');
    });
    return (await Promise.race([happening, silence])) === 'silence';
}

test('faults before the upgrade: reset, silence, garbage and any HTTP answer', async (t) => {
    const service = await startService(t);
    for (const at of ['accept', 'bytes', 'upgrade']) {
        service.faults.order({ at, do: 'reset' });
        assert.equal(await failure(connect(service)), 'ECONNRESET', at);
        service.faults.order({ at, do: 'silence' });
        const waiting = connect(service);
        assert.ok(await isSilent(waiting.closed), at);
        assert.deepEqual(waiting.frames, []);
        waiting.socket.terminate();
    }
    service.faults.order({ at: 'bytes', do: 'garbage' });
    assert.match(await failure(connect(service)), /^HPE_/);
    for (const status of [200, 302, 500, 503]) {
        service.faults.order({
            at: 'upgrade',
            do: 'answer',
            status,
            body: '<html>',
            headers: { Location: 'http://127.0.0.1/' },
        });
        assert.equal(await upgradeStatus(address(service, service.token('gw'))), status);
    }
    assert.equal(await upgradeStatus(address(service, service.token('gw'))), 101);
});

test('under TLS the official SDK connects by the authority, and every phase can be reset', async (t) => {
    const certificates = await makeCertificates();
    t.after(() => certificates.remove());
    const service = await startService(t, { tls: certificates });
    const ca = readFileSync(certificates.caFile);
    const client = await sdkClient(t, service, service.token('gw'), { ca });
    await client.publish('fleet/gw/t', 1);
    assert.equal(await failure(connect(service)), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    for (const at of ['accept', 'bytes', 'upgrade']) {
        service.faults.order({ at, do: 'reset' });
        assert.equal(await failure(connect(service, { ca })), 'ECONNRESET', at);
    }
    const bare = new BareClient(address(service, service.token('bare')), { ca });
    await bare.next();
    service.cut({ only: 'bare' });
    assert.equal(await bare.closed, 1006);
});

test('a certificate can be for the wrong host or have expired', async (t) => {
    for (const [options, code] of [
        [{ names: ['DNS:elsewhere'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
        [{ days: -1 }, 'CERT_HAS_EXPIRED'],
    ]) {
        const certificates = await makeCertificates(options);
        t.after(() => certificates.remove());
        const service = await startService(t, { tls: certificates });
        assert.equal(await failure(connect(service, { ca: readFileSync(certificates.caFile) })), code);
    }
});

test('a welcome can be missing, late, doubled or malformed, or a close instead', async (t) => {
    const service = await startService(t);
    const firstFrames = async (order, count) => {
        service.faults.order({ at: 'welcome', ...order });
        const client = connect(service);
        t.after(() => client.socket.terminate());
        const frames = [];
        for (let i = 0; i < count; ++i) frames.push((await client.next()).type);
        return frames;
    };
    assert.deepEqual(await firstFrames({ do: 'double' }, 2), ['welcome', 'welcome']);
    assert.deepEqual(await firstFrames({ do: 'delay', ms: 20 }, 1), ['welcome']);
    assert.deepEqual(await firstFrames({ do: 'malformed', text: '{"type":"wel"}' }, 1), ['wel']);
    service.faults.order({ at: 'welcome', do: 'close', code: 4012 });
    assert.equal(await connect(service).closed, 4012);
    service.faults.order({ at: 'welcome', do: 'omit' });
    const unwelcome = connect(service);
    await once(unwelcome.socket, 'open');
    assert.deepEqual(await unwelcome.ask({ type: 'ping' }), { type: 'pong' });
});

test('acks can be lost, late, doubled or for another request; the message is delivered all the same', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    service.faults.order({ at: 'ack', do: 'lose' });
    client.send(publish('lost'));
    assert.deepEqual(await client.ask({ type: 'ping' }), { type: 'pong' });
    service.faults.order({ at: 'ack', do: 'delay', ms: 10 });
    client.send(publish('late'));
    assert.deepEqual(await client.ask({ type: 'ping' }), { type: 'pong' });
    assert.equal((await client.next()).requestId, 'late');
    service.faults.order({ at: 'ack', do: 'double' });
    assert.equal((await client.ask(publish('twice'))).requestId, 'twice');
    assert.equal((await client.next()).requestId, 'twice');
    service.faults.order({ at: 'ack', do: 'unknown' });
    assert.notEqual((await client.ask(publish('mine'))).requestId, 'mine');
    assert.equal(service.counters.of('gw').publishes['fleet/gw/t'], 4);
});

test('a publish can be answered with any error, ignored, or by the end of the link', async (t) => {
    const service = await startService(t);
    let client = await bareClient(t, service, service.token('gw'));
    service.faults.order({ at: 'publish', do: 'error', code: 'over_message_quota', times: 2 });
    assert.equal((await client.ask(publish('a'))).code, 'over_message_quota');
    assert.equal((await client.ask(publish('b'))).code, 'over_message_quota');
    assert.equal((await client.ask(publish('c'))).type, 'ack');
    service.faults.order({ at: 'publish', do: 'ignore', contains: 'poison' });
    client.send(publish('d', 'poison'));
    assert.deepEqual(await client.ask({ type: 'ping' }), { type: 'pong' });
    assert.equal(service.counters.of('gw').publishes['fleet/gw/t'], 1);
    service.faults.order({ at: 'publish', do: 'swallow' });
    assert.equal((await client.ask(publish('s'))).type, 'ack');
    assert.equal(service.counters.of('gw').publishes['fleet/gw/t'], 1);
    service.faults.order({ at: 'publish', do: 'close', code: 1009 });
    client.send(publish('e'));
    assert.equal(await client.closed, 1009);
    assert.deepEqual(service.counters.of('gw').violations, {}, 'an ordered close is no violation');
    client = await bareClient(t, service, service.token('gw'));
    service.faults.order({ at: 'publish', do: 'reset' });
    client.send(publish('f'));
    assert.equal(await client.closed, 1006);
});

test('a cut resets the links and refuses new ones for a time, but spares the backend', async (t) => {
    const service = await startService(t);
    const backend = await bareClient(t, service, service.token('backend'));
    const gateway = await bareClient(t, service, service.token('gw'));
    service.cut({ forMs: 500 });
    assert.equal(await failure(connect(service)), 'ECONNREFUSED');
    assert.equal(await gateway.closed, 1006);
    assert.deepEqual(await backend.ask({ type: 'ping' }), { type: 'pong' });
    let again;
    do again = connect(service);
    while ((await Promise.race([again.next(), failure(again)])) === 'ECONNREFUSED');
    assert.deepEqual(await again.ask({ type: 'ping' }), { type: 'pong' });
    again.socket.terminate();
});

test('a frozen link answers nothing', async (t) => {
    const service = await startService(t);
    for (const direction of ['in', 'out', 'both']) {
        const client = await bareClient(t, service, service.token('gw'));
        service.freeze({ direction });
        client.send(publish('held'));
        assert.ok(await isSilent(once(client.socket, 'frame')), direction);
        service.thaw();
        assert.equal((await client.next()).requestId, 'held', direction);
    }
});

test('what was held back by a freeze comes after it, in order', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    service.freeze();
    client.send(publish('one'));
    client.send(publish('two'));
    service.thaw();
    assert.deepEqual([(await client.next()).requestId, (await client.next()).requestId], ['one', 'two']);
});

test('the link can end in the place of an ack, after the delivery', async (t) => {
    const service = await startService(t);
    for (const [order, code] of [
        [{ do: 'reset' }, 1006],
        [{ do: 'close', code: 1011 }, 1011],
    ]) {
        const client = await bareClient(t, service, service.token('gw'));
        service.faults.order({ at: 'ack', ...order });
        client.send(publish('taken'));
        assert.equal(await client.closed, code);
        assert.deepEqual(client.frames, []);
    }
    assert.equal(service.counters.of('gw').publishes['fleet/gw/t'], 2);
});

test('the certificate can change while the service runs, and connections go on', async (t) => {
    const [good, bad] = await Promise.all([makeCertificates(), makeCertificates()]);
    t.after(() => Promise.all([good.remove(), bad.remove()]));
    const service = await startService(t, { tls: good });
    const ca = readFileSync(good.caFile);
    const before = new BareClient(address(service, service.token('gw')), { ca });
    t.after(() => before.socket.terminate());
    await before.next();
    service.setCertificate(bad);
    assert.equal(await failure(connect(service, { ca })), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    assert.deepEqual(await before.ask({ type: 'ping' }), { type: 'pong' });
    service.setCertificate(good);
    const after = new BareClient(address(service, service.token('gw')), { ca });
    t.after(() => after.socket.terminate());
    assert.equal((await after.next()).type, 'welcome');
    assert.equal(service.counters.acceptTimes.length, 3, 'a connection that TLS ends is counted as well');
});

test('links can be closed with any code, after an announcement or without', async (t) => {
    const service = await startService(t);
    for (const code of [1008, 1011, 1012, 1013, 4001, 4003, 4010, 4011, 4012, 4020]) {
        const client = await bareClient(t, service, service.token('gw'));
        service.close(code);
        assert.equal(await client.closed, code);
    }
    const client = await bareClient(t, service, service.token('gw'));
    service.goingAway(1234, { closeAfterMs: 1 });
    assert.deepEqual(await client.next(), { type: 'going_away', retryAfterMs: 1234 });
    assert.equal(await client.closed, 1001);
});

test('every kind of noise is sent and the link goes on', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw'));
    const { noise } = await import('./noise.mjs');
    for (const kind of Object.keys(noise).filter((name) => name !== 'bad_utf8')) service.sendNoise(kind);
    client.send({ type: 'ping' });
    while (client.frames.at(-1) !== '{"type":"pong"}') await once(client.socket, 'frame');
    assert.ok(
        client.frames.some((frame) => Buffer.isBuffer(frame)),
        'binary',
    );
    assert.ok(
        client.frames.some((frame) => frame.length > 1024 * 1024),
        'huge',
    );
    assert.ok(
        client.frames.includes(
            JSON.stringify({ type: 'message', channel: 'fleet/x', from: 'x', data: { type: 'ping' } }),
        ),
        'fragmented',
    );
    assert.ok(
        client.frames.some((frame) => frame.length > 1200000),
        'huge in fragments',
    );
    service.sendNoise('bad_utf8');
    assert.equal(await client.closed, 1006, 'a client has to end a connection on which text is no UTF-8');
    assert.equal(client.error.code, 'WS_ERR_INVALID_UTF8');
    assert.throws(() => service.sendNoise('bagpipe'), /one of garbage/);
});
