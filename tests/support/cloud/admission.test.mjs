import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { signToken } from './jwt.mjs';
import { address, bareClient, BareClient, startService, upgradeStatus } from './testing.mjs';

/** Rightly signed, but its header speaks of another algorithm. */
const mislabelled = (claims, secret) => {
    const [, body] = signToken(claims, secret).split('.');
    const text = `${Buffer.from('{"alg":"HS384"}').toString('base64url')}.${body}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

const unsigned = (claims) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part(claims)}.`;
};

test('a good token is welcomed with what its claims say', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw', { metadata: { site: 'a' } }));
    assert.equal(client.welcome.type, 'welcome');
    assert.equal(client.welcome.peerId, 'gw');
    assert.equal(client.welcome.maxMessageSize, 65536);
    assert.deepEqual(client.welcome.metadata, { site: 'a' });
    assert.ok(client.welcome.serverTime < 1e11, 'serverTime is in seconds');
    assert.ok(client.welcome.expiresAt > client.welcome.serverTime + 3500);
});

test('a key is welcomed without an expiry, and an unknown key refused', async (t) => {
    const service = await startService(t, { keys: { pk_live_x: { channels: ['**'], permissions: ['publish'] } } });
    const client = new BareClient(`${service.url}/v1?key=pk_live_x`);
    assert.equal((await client.next()).expiresAt, null);
    client.socket.terminate();
    assert.equal(await upgradeStatus(`${service.url}/v1?key=pk_live_y`), 401);
});

test('every wrong credential is refused before the upgrade', async (t) => {
    const service = await startService(t);
    const good = { sub: 'gw', channels: ['**'], permissions: ['publish'], exp: 4e9 };
    const { secret } = service.options;
    const [head, body] = signToken(good, secret).split('.');
    const table = [
        [401, ''],
        [401, 'x.y.z'],
        [401, 'no token'],
        [401, unsigned(good)],
        [401, `${head}.${body}.AAAA`],
        [401, signToken(good, 'another secret')],
        [401, mislabelled(good, secret)],
        [401, signToken({ ...good, exp: 1000 }, secret)],
        [401, signToken({ ...good, exp: undefined }, secret)],
        [401, signToken({ ...good, sub: '' }, secret)],
        [401, signToken({ ...good, channels: 'all' }, secret)],
        [403, signToken({ ...good, channels: [] }, secret)],
        [101, signToken(good, secret)],
    ];
    for (const [status, token] of table) assert.equal(await upgradeStatus(address(service, token)), status, token);
    assert.equal(await upgradeStatus(`${service.url}/v1`), 401);
});

test('a wrong credential can be told by a close code instead', async (t) => {
    const service = await startService(t, { badCredential: 'close' });
    const codeOf = (token) => new BareClient(address(service, token)).closed;
    assert.equal(await codeOf('forged'), 4001);
    assert.equal(await codeOf(service.token('gw', { lifetimeSeconds: -5 })), 4002);
    assert.equal(await codeOf(service.token('gw', { channels: [] })), 4003);
});

test('any path but /v1 is not found', async (t) => {
    const service = await startService(t);
    assert.equal(await upgradeStatus(address(service, service.token('gw'), '/v2')), 404);
    assert.equal(await upgradeStatus(address(service, service.token('gw'), '/')), 404);
});

test('the 61st attempt in a minute is refused with 429, whatever the credential', async (t) => {
    const service = await startService(t);
    for (let i = 0; i < 60; ++i)
        assert.notEqual(await upgradeStatus(address(service, i % 2 ? 'bad' : service.token('gw'))), 429);
    assert.equal(await upgradeStatus(address(service, service.token('gw'))), 429);
    assert.equal(service.counters.refused[429], 1);
});

test('a connection over the concurrent limit is closed with 4010', async (t) => {
    const service = await startService(t, { maxConnections: 1 });
    await bareClient(t, service, service.token('one'));
    assert.equal(await new BareClient(address(service, service.token('two'))).closed, 4010);
});

test('a token that runs out closes its connection with 4002', async (t) => {
    const service = await startService(t);
    const client = await bareClient(t, service, service.token('gw', { lifetimeSeconds: 2 }));
    assert.equal(await client.closed, 4002);
});

test('the service closes by a lead before the expiry, 250 ms unless told otherwise', async (t) => {
    const service = await startService(t, { expiryLeadMs: 3600 * 1000 });
    const client = await bareClient(t, service, service.token('gw', { lifetimeSeconds: 3600 }));
    assert.equal(await client.closed, 4002);
    assert.equal((await startService(t)).options.expiryLeadMs, 250);
});

test('the clock of the service decides, not that of the machine', async (t) => {
    const service = await startService(t, { clockOffsetMs: 86400 * 1000 });
    const todays = service.token('gw', { exp: Math.floor(Date.now() / 1000) + 3600 });
    assert.equal(await upgradeStatus(address(service, todays)), 401);
    const client = await bareClient(t, service, service.token('gw'));
    assert.ok(client.welcome.serverTime * 1000 > Date.now() + 86000 * 1000);
});
