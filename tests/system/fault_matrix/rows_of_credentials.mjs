/** Rows about tokens and about the provisioning service that mints them. */
import * as is from './verbs.mjs';
import { mints, now, provisioned, replacesToken, spoilsToken, writesToken } from './verbs.mjs';

const reconnects = { ends: 'reconnects' };
const start = { when: 'start' };

/** The gateway has a file with a token, and what is wrong with it is put right while it waits in the slow lane. */
const notAccepted = /401|token/;
const badFile = (name, spoil, heal) => ({
    name, ...start, ...is.rearmed, says: notAccepted, ...reconnects, lasts: 4_000, heal,
    does: now((site, scene) => spoil(scene)),
});
const closesInstead = { cloud: { badCredential: 'close' } };
const files = [
    badFile('token malformed, then written anew in place', spoilsToken, writesToken()),
    badFile('token malformed, then replaced by another file', spoilsToken, replacesToken),
    badFile('token expired, then written anew in place', writesToken({ lifetimeSeconds: -60 }), writesToken()),
    badFile('token without channels (403), then written anew', writesToken({ channels: [] }), writesToken()),
    badFile('token malformed, then written anew, and SIGHUP', spoilsToken, (scene) => {
        writesToken()(scene);
        scene.site.gateway.child.process.kill('SIGHUP');
    }),
    { ...badFile('token malformed, closed with 4001, then written anew', spoilsToken, writesToken()), ...closesInstead, says: /4001/ },
    {
        name: 'token runs out in 6 s and is in a file that is late by 10 s', ...start, ...is.rearmed, says: /401|4002|expired/, ...reconnects,
        does: now((site, scene) => writesToken({ lifetimeSeconds: 6 })(scene)), lasts: 16_000, heal: writesToken(),
    },
];

const device = { auth: 'provision', ...start, ...reconnects };
const impatient = {
    config: { uplink: (site) => ({ auth: { provision: { url: site.provisioning.url, secret: { file: `${site.directory}/device-secret` }, timeout: '2s' } } }) },
};
const noToken = /provision/i;
const later = { 'Retry-After': '5' };
const portal = { status: 302, headers: { Location: 'http://127.0.0.1:9/login', 'Content-Type': 'text/html' } };

const provisioning = [
    { name: 'provisioning: 401', ...device, does: provisioned({ do: 'status', status: 401 }), ...is.slow, says: /401/ },
    { name: 'provisioning: 403', ...device, does: provisioned({ do: 'status', status: 403 }), ...is.slow, says: /403/ },
    { name: 'provisioning: 500', ...device, does: provisioned({ do: 'status', status: 500 }), ...is.normal, says: /500/ },
    { name: 'provisioning: 503 with Retry-After', ...device, does: provisioned({ do: 'status', status: 503, headers: later }), ...is.toldWhen, says: /503/ },
    { name: 'provisioning: a page (captive portal)', ...device, does: provisioned({ do: 'html', times: 3 }), ...is.normal, says: noToken },
    { name: 'provisioning: 302 (captive portal)', ...device, does: provisioned({ do: 'status', ...portal }), ...is.normal, says: /302/ },
    { name: 'provisioning: bad JSON', ...device, does: provisioned({ do: 'bad_json' }), ...is.normal, says: noToken },
    { name: 'provisioning: no token', ...device, does: provisioned({ do: 'no_token' }), ...is.normal, says: noToken },
    { name: 'provisioning: empty token', ...device, does: provisioned({ do: 'empty_token' }), ...is.normal, says: noToken },
    { name: 'provisioning: 8 MB of token', ...device, does: provisioned({ do: 'huge' }), ...is.normal, says: noToken },
    { name: 'provisioning: reset', ...device, does: provisioned({ do: 'reset' }), ...is.normal, says: noToken },
    { name: 'provisioning: slower than its timeout', ...device, ...impatient, does: provisioned({ do: 'slow', ms: 3_500 }), ...is.provision, says: noToken },
    { name: 'provisioning: silence', ...device, ...impatient, does: provisioned({ do: 'silence' }), ...is.provision, says: noToken },
    { name: 'provisioning: slow, but in time', ...device, ...impatient, does: provisioned({ do: 'slow', ms: 1_000 }), ...is.provision },
    {
        name: 'provisioning: down, until it is up', ...device, ...is.normal, says: noToken, lasts: 6_000,
        does: now(({ provisioning: service }) => service.stop()), heal: ({ site }) => site.provisioning.start() },
    { name: 'provisioning: a malformed token', ...device, does: provisioned({ do: 'token', token: 'not.a.token' }), ...is.slow, says: /401/ },
    {
        name: 'provisioning: a malformed token, closed with 4001', ...device, ...closesInstead, does: provisioned({ do: 'token', token: 'not.a.token' }),
        ...is.slow, says: /4001/ },
    {
        name: 'provisioning: an expired token, closed with 4002', ...device, ...closesInstead, ...is.normal,
        does: now((site) => { site.provisioning.order({ do: 'token', token: site.cloud.token('sensor-42', { lifetimeSeconds: -60 }) }); }) },
];

const second = ({ counters }) => counters.welcomeTimes[1];
const neverExpired = ({ counters }) => {
    if (counters.closes[4002]) throw new Error('the service had to close with 4002: the token was not renewed in time');
};
const lives = [
    {
        name: 'token of 8 s is renewed before it expires', ...device, says: null, recovered: second, within: 8_000, floor: 0,
        by: "refreshed before expiry by the server's clock", also: neverExpired,
        does: now((site, scene) => {
            mints({ lifetimeSeconds: 8 })(scene);
            site.cloud.once('open', () => mints({})(scene));
        }) },
    {
        name: 'token expires: 4002, and a fresh one at once', ...device, when: 'online', ...is.atOnce,
        does: now(({ cloud }) => cloud.close(4002, { only: 'sensor-42', reason: 'token expired' })) },
];

export const credentialRows = [...files, ...provisioning, ...lives];
