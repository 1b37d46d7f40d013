/** TLS on a device whose clock stands at 1970 or at 2099, with the service and with the provisioning service. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, describe } from 'node:test';

import { makeCertificates } from '../support/cloud/certificates.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';
import { WallClock } from '../support/harness/wall_clock.mjs';

const dayMs = 24 * 3_600_000;

/** What a device without a battery clock may believe, in Unix ms. */
const clocks = { 1970: 60_000, 2099: Date.UTC(2099, 0, 1) };

/** Who shows the certificate that the test is about; the other one has the right one. */
const servers = {
    'the service': { auth: 'token', of: ({ cloud }) => cloud },
    'the provisioning service': { auth: 'provision', of: ({ provisioning }) => provisioning },
};

const directory = mkdtempSync(`${tmpdir()}/fieldlink-clock-`);
const inTenDays = new WallClock(directory);
inTenDays.setAhead(10 * dayMs);
const [right, renewed, future] = await Promise.all([
    makeCertificates({ days: 2 }), makeCertificates({ days: 3 }), makeCertificates({ env: inTenDays.env })]);
after(async () => {
    await Promise.all([right, renewed, future].map((one) => one.remove()));
    rmSync(directory, { recursive: true });
});

const tlsSite = (auth) => ({
    slaves: false, sensors: {}, auth, tls: right, uplink: (site) => ({
        reconnect: { initial_delay: '100ms', max_delay: '1s', per_minute: 60 },
        tls: { ca_file: site.joinFiles('ca.pem', [right, renewed, future].map(({ caFile }) => caFile)) },
    }),
});

function startAt(site, wall) {
    const clock = new WallClock(site.directory);
    clock.setAhead(wall - Date.now());
    site.gateway.env = clock.env;
    site.gateway.start();
}

const keptTime = (site) => `${site.directory}/server-time`;
const keep = (site, unixMs) => writeFileSync(keptTime(site), `${Math.floor(unixMs / 1000)}\n`);

async function isOnline(site) {
    const before = site.readings('simulated').length;
    await site.gateway.connected();
    await until('readings', () => site.readings('simulated').length >= before + 3);
}

const refused = (site, why) => site.gateway.untilStatus(`refuses: ${why}`, ({ uplink: { state, last_error: error } }) => (
    state !== 'connected' && /certificate is not trusted/.test(error) && why.test(error)));

async function endWhole(site) {
    const committed = await site.finish();
    site.assertWhole(committed.at(-1).seq);
    site.assertReceivedAll(committed);
}

async function connects(site, wall) {
    startAt(site, wall);
    await isOnline(site);
    const { clock } = await site.gateway.status();
    assert.equal(clock.state, 'service');
    const error = clock.offset_ms - (wall - Date.now());
    assert.ok(Math.abs(error) < 120_000, `the device's clock is ${error} ms off the one that it was to have`);
    assert.equal(site.provisioning.counts.granted, 1);
    await until('the time is kept beside the outbox', () => existsSync(keptTime(site)));
    const kept = Number(readFileSync(keptTime(site), 'utf8')) * 1000;
    assert.ok(Math.abs(kept - Date.now()) < 60_000, `kept is ${new Date(kept).toISOString()}`);
    await endWhole(site);
}

/** The end of a certificate that a server showed, and then the gateway was off until after it. */
async function refusesExpired(site, wall, server) {
    keep(site, Date.now() + 2.5 * dayMs);
    const other = server === servers['the service'] ? site.provisioning : site.cloud;
    other.setCertificate(renewed);
    startAt(site, wall);
    const { uplink } = await refused(site, /expired/);
    assert.equal(/provisioning/.test(uplink.last_error), server === servers['the provisioning service'], uplink.last_error);
    assert.equal(site.cloud.counters.of('sensor-42').connects, 0, 'a credential was shown');
    assert.equal(site.provisioning.counts.requests, 0, 'a secret was shown');
    server.of(site).setCertificate(renewed);
    await isOnline(site);
    await endWhole(site);
}

/** Not yet valid is no error while nobody knows what time it is, and is one from then on. */
async function refusesNotYetValid(site, wall, server) {
    server.of(site).setCertificate(future);
    startAt(site, wall);
    await isOnline(site);
    site.cutLink();
    const { uplink } = await refused(site, /not yet valid/);
    assert.equal(/provisioning/.test(uplink.last_error), server === servers['the provisioning service'], uplink.last_error);
    server.of(site).setCertificate(right);
    await isOnline(site);
    assert.equal(site.cloud.counters.of('sensor-42').welcomes, 2);
    await endWhole(site);
}

describe('the clock of a device', { concurrency: 3 }, () => {
    for (const [year, wall] of Object.entries(clocks)) {
        siteTest(`at ${year}: provisions and connects, and the time is kept`, tlsSite('provision'),
            (site) => connects(site, wall));
        for (const [name, server] of Object.entries(servers)) {
            siteTest(`at ${year}: ${name} with a certificate that ended before the kept time is refused, until it has another`,
                tlsSite(server.auth), (site) => refusesExpired(site, wall, server));
            siteTest(`at ${year}: ${name} with a certificate of the future is refused once the true time is known`,
                tlsSite(server.auth), (site) => refusesNotYetValid(site, wall, server));
        }
    }
});
