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
    config: {
        uplink: ({ provisioning: { url }, directory }) => (
            { auth: { provision: { url, secret: { file: `${directory}/device-secret` }, timeout: '2s' } } }),
    },
};
const noToken = /provision/i;
const later = { 'Retry-After': '5' };
const portal = { status: 302, headers: { Location: 'http://127.0.0.1:9/login', 'Content-Type': 'text/html' } };

const answers = [
    ['401', { do: 'status', status: 401 }, is.slow, /401/], ['403', { do: 'status', status: 403 }, is.slow, /403/],
    ['500', { do: 'status', status: 500 }, is.normal, /500/],
    ['503 with Retry-After', { do: 'status', status: 503, headers: later }, is.toldWhen, /503/],
    ['a page (captive portal)', { do: 'html', times: 3 }, is.normal, noToken],
    ['302 (captive portal)', { do: 'status', ...portal }, is.normal, /302/],
    ['bad JSON', { do: 'bad_json' }, is.normal, noToken], ['no token', { do: 'no_token' }, is.normal, noToken],
    ['empty token', { do: 'empty_token' }, is.normal, noToken], ['8 MB of token', { do: 'huge' }, is.normal, noToken],
    ['reset', { do: 'reset' }, is.normal, noToken],
    ['slower than its timeout', { do: 'slow', ms: 3_500 }, is.provision, noToken, impatient],
    ['silence', { do: 'silence' }, is.provision, noToken, impatient],
    ['slow, but in time', { do: 'slow', ms: 1_000 }, is.provision, undefined, impatient],
    ['a malformed token', { do: 'token', token: 'not.a.token' }, is.slow, /401/],
    ['a malformed token, closed with 4001', { do: 'token', token: 'not.a.token' }, is.slow, /4001/, closesInstead],
].map(([name, order, time, says, more]) => (
    { name: `provisioning: ${name}`, ...device, ...more, does: provisioned(order), ...time, says }));

const expired = (site) => site.cloud.token('sensor-42', { lifetimeSeconds: -60 });
const provisioning = [
    {
        name: 'provisioning: down, until it is up', ...device, ...is.normal, says: noToken, lasts: 6_000,
        does: now(({ provisioning: service }) => service.stop()), heal: ({ site }) => site.provisioning.start(),
    },
    {
        name: 'provisioning: an expired token, closed with 4002', ...device, ...closesInstead, ...is.normal, says: /4002/,
        does: (scene) => provisioned({ do: 'token', token: expired(scene.site) })(scene),
    },
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

export const credentialRows = [...files, ...answers, ...provisioning, ...lives];
