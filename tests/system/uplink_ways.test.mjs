/** The ways to the service: over two connections, through a proxy, over IPv6, and with one token after the other. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, describe } from 'node:test';

import { makeCertificates } from '../support/cloud/certificates.mjs';
import { ProvisioningService } from '../support/cloud/provisioning.mjs';
import { ConnectProxy } from '../support/cloud/proxy.mjs';
import { loadSensors } from '../support/harness/sensors.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { letPass, until } from '../support/harness/until.mjs';

const gatewayId = 'sensor-42', commandsChannel = `fleet/${gatewayId}/cmd`;
const quick = { initial_delay: '100ms', max_delay: '1s', per_minute: 60 };
const bare = { slaves: false, sensors: {} };

async function hasReadings(site, count = 3) {
    const before = site.readings('simulated').length;
    await until('readings', () => site.readings('simulated').length >= before + count);
}

async function endWhole(site) {
    const counts = await site.end();
    site.assertWhole(counts.last_seq);
    site.assertReceivedAll(await site.outboxMessages());
    site.assertAccounted(counts);
    assert.equal(counts.dropped_readings, 0);
}

// ---- two connections

const split = (more) => ({ uplink: { split: true, reconnect: quick }, ...more });

/** The service's ends of the two connections. */
function ends(site) {
    const mine = [...site.cloud.sessions].filter(({ peerId }) => peerId === gatewayId).map(({ connection }) => connection);
    const commands = mine.find(({ subscriptions }) => subscriptions.has(commandsChannel));
    return { count: mine.length, commands, publishing: mine.find((one) => one !== commands) };
}

const bothConnected = (site) => site.gateway.untilStatus('has both connections',
    ({ uplink }) => uplink.state === 'connected' && uplink.commands?.state === 'connected');

async function startBoth(site) {
    site.gateway.start();
    await bothConnected(site);
    const { count, commands, publishing } = ends(site);
    assert.ok(count === 2 && commands && publishing, `${count} connections`);
    await hasReadings(site);
}

const writes = ({ plant }) => plant.log().filter(({ op }) => op === 'write').map(({ address, values }) => [address, ...values]);

/** While the service lets nobody in, the connection that is cut stays away. */
async function cutAlone(site, which, meanwhile) {
    const closed = site.cloud.faults.order({ at: 'upgrade', do: 'answer', status: 503, times: null, only: gatewayId });
    ends(site)[which].reset();
    await until('it comes back in vain', () => closed.hits > 0);
    const lost = ({ uplink }) => (which === 'publishing' ? uplink : uplink.commands);
    const other = ({ uplink }) => (which === 'publishing' ? uplink.commands : uplink);
    const status = await site.gateway.untilStatus('tells which', (now) => /503/.test(lost(now).last_error));
    assert.notEqual(lost(status).state, 'connected');
    assert.equal(other(status).state, 'connected', 'the other one goes on');
    await meanwhile();
    assert.equal(ends(site).count, 1);
    site.cloud.faults.clear();
    await bothConnected(site);
}

async function livesWithEither(site) {
    await startBoth(site);
    const write = { type: 'write', id: 'w-1', sensor: 'boiler', point: 'setpoint', value: 60.5 };
    await cutAlone(site, 'publishing', async () => {
        await site.subscriber.publish(commandsChannel, write);
        await until('the command reaches the device', () => writes(site).length === 1);
    });
    await until('its result comes', () => [...site.ledger.entries.values()].some(({ channel }) => channel.endsWith('/result')));
    assert.deepEqual(writes(site), [[10, 605]]);
    await cutAlone(site, 'commands', () => hasReadings(site, 10));
    assert.equal((await site.command({ type: 'ping' })).status, 'done');
    const { connects, closes } = site.cloud.counters.of(gatewayId);
    assert.ok(connects >= 6, `${connects} connects: two at first, two more of each`);
    assert.deepEqual(closes, {});
    await endWhole(site);
}

/** Few frames a second, and much to send. */
const slowDrain = {
    ...bare, sensors: loadSensors({ count: 4, every: '50ms' }), every: '50ms',
    uplink: { split: true, reconnect: quick, rate: { messages: 8, burst: 8 } },
};

async function answersWhileItDrains(site, t) {
    await startBoth(site);
    site.cutLink(600_000);
    await site.gateway.untilStatus('owes a backlog', ({ outbox }) => outbox.owed_messages >= 40);
    site.cutLink(1);
    await bothConnected(site);
    const owed = [];
    while (owed.length < 20 && (owed.at(-1) ?? 40) > 10) {
        assert.equal((await site.command({ type: 'ping' })).status, 'done');
        owed.push((await site.gateway.status()).outbox.owed_messages);
        await letPass(250);
    }
    t.diagnostic(`messages that were still owed after each command: ${owed}`);
    assert.ok(owed.length >= 5, 'the backlog was gone too soon: the test proves little');
    await endWhole(site);
}

const sixAMinute = { ...bare, uplink: { split: true, reconnect: { initial_delay: '50ms', max_delay: '500ms', per_minute: 6 } } };

async function countsBoth(site) {
    const { connectTimes } = site.cloud.counters.of(gatewayId);
    site.cloud.faults.order({ at: 'welcome', do: 'close', code: 1011, times: null, only: gatewayId });
    site.gateway.start();
    // Longer than any delay between two attempts: it is the limit that keeps them apart.
    const isPutOff = ({ last_error: error, next_attempt: next }) => /1011/.test(error) && next > Date.now() + 15_000;
    await site.gateway.untilStatus('has used its connects up', ({ uplink }) => isPutOff(uplink) && isPutOff(uplink.commands));
    assert.equal(connectTimes.length, 6, 'both connections together');
}

// ---- a proxy

const portOf = (server) => server.listener?.port ?? server.port;
const tunnelsTo = (proxy, server) => proxy.tunnels.filter((name) => name === `127.0.0.1:${portOf(server)}`).length;

/** Everything the gateway sent came through the proxy. The service's first connection is the subscriber's. */
function assertAllProxied(site, proxy) {
    const { cloud, provisioning } = site;
    assert.ok(tunnelsTo(proxy, cloud) > 0, 'the service was not reached through the proxy');
    assert.equal(cloud.counters.acceptTimes.length - 1, tunnelsTo(proxy, cloud), 'to the service');
    assert.equal(provisioning.counts.requests, tunnelsTo(proxy, provisioning), 'to the provisioning service');
}

const tellsOfProxy = (site, what, pattern) => site.gateway.untilStatus(`tells that the proxy ${what}`,
    ({ uplink }) => uplink.state !== 'connected' && pattern.test(uplink.last_error));

async function outlivesProxy(site, proxy) {
    site.gateway.start();
    const { pid } = site.gateway.child;
    await site.gateway.connected();
    await hasReadings(site);
    assertAllProxied(site, proxy);

    await proxy.stop();
    await tellsOfProxy(site, 'is not there', /proxy.*refused.*check uplink\.proxy/);
    proxy.refuses = 407;
    await proxy.start();
    await tellsOfProxy(site, 'wants a password', /proxy.*407.*set https_proxy=http:\/\/USER:PASSWORD@HOST:PORT/);
    proxy.refuses = 403;
    await tellsOfProxy(site, 'does not let it through', /proxy.*403.*allow/);
    assert.match(site.gateway.log(), /proxy.*refused.*check uplink\.proxy/);
    proxy.refuses = null;
    await site.gateway.connected();
    assert.equal(site.gateway.child.pid, pid, 'without a restart');
    await hasReadings(site);
    await endWhole(site);
    assertAllProxied(site, proxy);
}

async function takesItFromEnvironment(site, proxy) {
    site.gateway.env = { https_proxy: proxy.url.replace('//', `//${proxy.login}@`), no_proxy: '' };
    site.gateway.start();
    await site.gateway.connected();
    await hasReadings(site);
    const { stdout } = await site.gateway.ctl('status', '--json');
    assert.ok(!`${site.gateway.log()}${stdout}`.includes('open-sesame'), 'the password was shown');
    await endWhole(site);
    assertAllProxied(site, proxy);
}

const proxies = {
    token: new ConnectProxy(), provision: new ConnectProxy(), env: new ConnectProxy({ login: 'device:open-sesame' }),
};
const certificates = await makeCertificates({ names: ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'] });
await Promise.all(Object.values(proxies).map((proxy) => proxy.start()));
after(async () => {
    await Promise.all([certificates.remove(), ...Object.values(proxies).map((proxy) => proxy.stop())]);
});
const proxied = (auth) => ({ ...bare, auth, tls: certificates, uplink: () => ({ proxy: proxies[auth].url, reconnect: quick }) });

// ---- IPv6

const hasIpv6 = Object.values(networkInterfaces()).flat().some(({ address }) => address === '::1');
const overIpv6 = { ...bare, cloud: { host: '::1' }, skip: hasIpv6 ? false : 'this machine has no ::1' };

/** A provisioning service on ::1; the site's own is not asked. */
const provisioning6 = new ProvisioningService({ mint: null, tls: certificates, host: '::1' });
if (hasIpv6) await provisioning6.start();
after(() => hasIpv6 && provisioning6.stop());

function provisionOverIpv6(site) {
    provisioning6.mint = (device) => site.cloud.token(device);
    return { auth: { provision: { url: provisioning6.url, secret: site.secretFile('device-secret', 'device-secret') } } };
}

async function connects(site, origin) {
    assert.ok(site.cloud.url.startsWith(`${origin}:`), site.cloud.url);
    site.gateway.start();
    await site.gateway.connected();
    assert.equal((await site.command({ type: 'ping' })).status, 'done');
    await hasReadings(site);
    await endWhole(site);
}

// ---- one token after the other

/** Tokens of 20 s, each of which is renewed after four fifths of its life. */
async function renews(site, links) {
    const { provisioning, cloud } = site;
    const counters = cloud.counters.of(gatewayId);
    provisioning.mint = (device) => cloud.token(device, { lifetimeSeconds: 20 });
    site.gateway.start();
    await until('each connection is renewed twice', () => counters.welcomes >= 3 * links, { within: 60_000 });
    await hasReadings(site);
    const { uplink } = await site.gateway.status();
    assert.deepEqual([uplink.state, uplink.last_error], ['connected', '']);
    assert.equal(counters.closes[4002], undefined, 'the service had to say that a token expired');
    await endWhole(site);
    assert.equal(site.ledger.duplicates, 0, 'what was under way was acked before the connection was left');
    assert.doesNotMatch(site.gateway.log(), /error|warning/);
}

const often = { ...bare, every: '50ms', config: { batch: { max_age: '50ms' } } };

describe('ways of the uplink', { concurrency: 4 }, () => {
    siteTest('a token of 20 s is renewed in time, and nothing is sent twice', often, (site) => renews(site, 1));
    siteTest('both connections renew their tokens of 20 s in time, and nothing is sent twice',
        { ...often, uplink: { split: true } }, (site) => renews(site, 2));
    siteTest('of two connections either can be lost alone', split(), livesWithEither);
    siteTest('commands are answered on their own connection while a backlog drains', slowDrain, answersWhileItDrains);
    siteTest('two connections keep to per_minute together', sixAMinute, countsBoth);
    for (const auth of ['token', 'provision'])
        siteTest(`through a proxy, by ${auth}: what is wrong with it is told, and it needs no restart`, proxied(auth),
            (site) => outlivesProxy(site, proxies[auth]));
    siteTest('a proxy with a password comes from the environment', { ...bare, auth: 'provision', tls: certificates },
        (site) => takesItFromEnvironment(site, proxies.env));
    siteTest('connects to [::1] by ws', { ...overIpv6, auth: 'token' }, (site) => connects(site, 'ws://[::1]'));
    siteTest('provisions from [::1] by https and connects by wss', { ...overIpv6, tls: certificates, uplink: provisionOverIpv6 },
        async (site) => {
            await connects(site, 'wss://[::1]');
            assert.deepEqual([provisioning6.counts.granted, site.provisioning.counts.requests], [1, 0]);
        });
});
