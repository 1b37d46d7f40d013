import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import test from 'node:test';
import { makeCertificates } from './certificates.mjs';
import { verifyToken } from './jwt.mjs';
import { ProvisioningService } from './provisioning.mjs';
import { startService, upgradeStatus } from './testing.mjs';

async function start(t, options = {}) {
    const service = await startService(t);
    const provisioning = await new ProvisioningService({ mint: (device) => service.token(device), ...options }).start();
    t.after(() => provisioning.stop());
    const ask = (device, secret = 'device-secret') =>
        fetch(provisioning.url.replace('{gateway}', device), {
            headers: { authorization: `Bearer ${secret}` },
            redirect: 'manual',
        });
    return { service, provisioning, ask };
}

test('a device with its secret gets a token for itself', async (t) => {
    const { service, provisioning, ask } = await start(t);
    const { token } = await (await ask('sensor-42')).json();
    const { claims } = verifyToken(token, service.options.secret, Date.now());
    assert.equal(claims.sub, 'sensor-42');
    assert.deepEqual(claims.channels, ['fleet/sensor-42/**']);
    assert.deepEqual(claims.permissions, ['publish', 'subscribe']);
    assert.equal(provisioning.counts.granted, 1);
});

test('a wrong secret, no device and another path are refused', async (t) => {
    const { provisioning, ask } = await start(t, { secret: { a: 'secret-of-a' } });
    assert.equal((await ask('a', 'secret-of-a')).status, 200);
    assert.equal((await ask('a', 'device-secret')).status, 401);
    assert.equal((await ask('b', 'secret-of-a')).status, 401);
    assert.equal((await ask('')).status, 400);
    assert.equal((await fetch(new URL('/', provisioning.url))).status, 404);
    assert.deepEqual([provisioning.counts.granted, provisioning.counts.refused], [1, 4]);
});

test('wrong answers come on order and end with it', async (t) => {
    const { provisioning, ask } = await start(t);
    const after = async (order) => {
        provisioning.order(order);
        return ask('gw');
    };
    assert.equal((await after({ do: 'status', status: 503 })).status, 503);
    assert.match(await (await after({ do: 'html' })).text(), /<html>/);
    assert.equal((await (await after({ do: 'no_token' })).json()).token, undefined);
    assert.equal((await (await after({ do: 'empty_token' })).json()).token, '');
    await assert.rejects((await after({ do: 'bad_json' })).json());
    assert.equal((await (await after({ do: 'token', token: 'x.y' })).json()).token, 'x.y');
    const redirect = await after({ do: 'redirect', location: 'http://127.0.0.1:9/' });
    assert.deepEqual([redirect.status, redirect.headers.get('location')], [302, 'http://127.0.0.1:9/']);
    await assert.rejects(after({ do: 'reset' }));
    assert.ok((await (await after({ do: 'huge' })).text()).length > 8_000_000);
    assert.equal((await after({ do: 'slow', ms: 5 })).status, 200);
    assert.equal((await ask('gw')).status, 200);
    assert.deepEqual([provisioning.counts.granted, provisioning.counts.withSecret], [2, 11]);
    assert.equal(provisioning.requestTimes.length, 11);
    const last = provisioning.orders.at(-1);
    assert.deepEqual([last.do, last.hits, last.firstAt], ['slow', 1, last.lastAt]);
    assert.throws(() => provisioning.order({ do: 'sing' }), /one of slow/);
});

test('silence keeps the caller waiting until it gives up', async (t) => {
    const { provisioning } = await start(t);
    provisioning.order({ do: 'silence' });
    await assert.rejects(fetch(provisioning.url, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' });
});

/** The status of a request to `url` for which the authority in `ca` is trusted. */
const askOverTls = (url, ca) =>
    new Promise((resolve, reject) => {
        const request = https.get(url.replace('{gateway}', 'a'), { ca, agent: false }, (response) => {
            response.resume();
            resolve(response.statusCode);
        });
        request.on('error', reject);
    });

test('the certificate can change while the service runs', async (t) => {
    const [good, bad] = await Promise.all([makeCertificates(), makeCertificates()]);
    t.after(() => Promise.all([good.remove(), bad.remove()]));
    const { provisioning } = await start(t, { tls: good });
    const ca = readFileSync(good.caFile);
    assert.equal(await askOverTls(provisioning.url, ca), 401);
    provisioning.setCertificate(bad);
    await assert.rejects(askOverTls(provisioning.url, ca), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    provisioning.setCertificate(good);
    assert.equal(await askOverTls(provisioning.url, ca), 401);
});

test('on an IPv6 address both services tell a URL that a client understands', async (t) => {
    const { provisioning } = await start(t, { host: '::1' });
    assert.equal(provisioning.url, `http://[::1]:${provisioning.port}/api/provision?deviceId={gateway}`);
    assert.equal((await fetch(provisioning.url)).status, 401);
    const service = await startService(t, { host: '::1' });
    assert.equal(await upgradeStatus(`${service.url}/v1?token=${service.token('a')}`), 101);
});
