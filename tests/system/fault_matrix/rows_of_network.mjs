/** Rows about everything up to the welcome, and about a line that dies: resets, silence, garbage, TLS, names, addresses. */
import { answersNames, asksNames, line, names } from './stages.mjs';
import * as is from './verbs.mjs';
import { cutWhile, fault, faultOfTelemetry, frozen, now, shows, showsRight } from './verbs.mjs';

const reconnects = { ends: 'reconnects' };
const stays = { ends: 'stays' };
const start = { when: 'start' };
const tls = { tls: true };

/** What a person must be able to read out of the status. */
const lost = /reset|lost|closed|ended|handshake failed/i;
const tooSlow = /time|too long|took|answer|silent|handshake/i;
const deadLine = /ack|lost|silent|time|took|answer|route|unreachable|network/i;
const noHttp = /HTTP|answer|understand|invalid|protocol|portal/i;
const noLink = /ack|silent|lost/;

const resets = [
    ['reset at accept', { at: 'accept' }], ['reset at accept under TLS', { at: 'accept' }, tls],
    ['reset at the TLS hello', { at: 'bytes' }, tls],
    ['reset at upgrade', { at: 'upgrade' }], ['reset at upgrade under TLS', { at: 'upgrade' }, tls],
    ['reset before welcome', { at: 'welcome' }], ['reset at subscribe', { at: 'subscribe' }],
].map(([name, at, more]) => ({ name, ...start, ...more, does: fault({ ...at, do: 'reset' }), ...is.normal, says: lost, ...reconnects }));

const laterResets = ['publish', 'ack'].map((at) => ({
    name: `reset at ${at}`, does: faultOfTelemetry({ at, do: 'reset' }), ...is.normal, says: lost, ...reconnects }));

const silences = [
    ['silence at accept', { at: 'accept', do: 'silence' }, is.upgrading, tooSlow],
    ['silence at accept under TLS', { at: 'accept', do: 'silence' }, is.securing, tooSlow, tls],
    ['silence at the TLS hello', { at: 'bytes', do: 'silence' }, is.securing, tooSlow, tls],
    ['silence at upgrade', { at: 'upgrade', do: 'silence' }, is.upgrading, tooSlow],
    ['silence at upgrade under TLS', { at: 'upgrade', do: 'silence' }, is.upgrading, tooSlow, tls],
    ['silence before welcome', { at: 'welcome', do: 'omit' }, is.welcoming, /welcome/],
].map(([name, order, time, says, more]) => ({ name, ...start, ...more, does: fault(order), ...time, says, ...reconnects }));

const laterSilences = [
    {
        name: 'silence at subscribe', ...start, does: fault({ at: 'subscribe', do: 'ignore' }), ...is.undecided, ...stays,
        recovered: is.subscribed,
    },
    { name: 'silence at publish', does: faultOfTelemetry({ at: 'publish', do: 'ignore' }), ...is.lateAck, says: /ack/, ...reconnects },
    { name: 'frozen: reads nothing', does: frozen('in'), ...is.lateAck, says: noLink, ...reconnects },
    { name: 'frozen: says nothing', does: frozen('out'), ...is.lateAck, says: noLink, ...reconnects },
    { name: 'frozen in both directions', does: frozen('both'), ...is.lateAck, says: noLink, ...reconnects },
];

const oddSwitch = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': 'bm90IHRoaXMgb25lIGF0IGFsbCE=' };
const garbage = [
    ['garbage instead of TLS', { at: 'bytes', do: 'garbage' }, is.normal, /tls|ssl|version/i, tls],
    ['garbage instead of HTTP', { at: 'upgrade', do: 'garbage' }, is.normal, noHttp],
    ['garbage instead of HTTP under TLS', { at: 'upgrade', do: 'garbage' }, is.normal, noHttp, tls],
    ['a wrong Sec-WebSocket-Accept', { at: 'upgrade', do: 'answer', status: 101, headers: oddSwitch }, is.normal, /101|accept|handshake|upgrade/i],
].map(([name, order, time, says, more]) => ({ name, ...start, ...more, does: fault(order), ...time, says, ...reconnects }));

const welcomes = [
    ['garbage instead of welcome', { do: 'malformed', text: '}{ no JSON' }],
    ['welcome with a peerId that is a number', { do: 'malformed', text: '{"type":"welcome","peerId":7}' }],
    ['welcome that is an array', { do: 'malformed', text: '[{"type":"welcome"}]' }],
    ['welcome missing three times', { do: 'omit', times: 3 }],
    ['welcome 11 s late', { do: 'delay', ms: 11_000 }],
].map(([name, order]) => ({ name, ...start, does: fault({ at: 'welcome', ...order }), ...is.welcoming, says: /welcome/, ...reconnects }));

const goodWelcomes = [
    { name: 'welcome 8 s late', ...start, does: fault({ at: 'welcome', do: 'delay', ms: 8_000 }), ...is.welcoming, ...stays },
    {
        name: 'welcome doubled', ...start, does: fault({ at: 'welcome', do: 'double' }), ...is.untouched, says: null, ...stays,
        watch: 3_000,
    },
];

const certificates = [
    ['expired', 'has expired', /expired/i], ['elsewhere', 'for another host', /host|name|mismatch|elsewhere/i],
    ['stranger', 'of an unknown authority', /certificate|issuer|self.signed|authority/i],
].map(([which, what, says]) => ({
    name: `certificate ${what}, until it is replaced`, ...start, ...tls, does: shows(which), heal: showsRight, lasts: 5_000,
    ...is.normal, says, ...reconnects,
}));

const noName = /resolv|host|name|dns/i;
const dns = [
    ...['nxdomain', 'servfail'].map((mood) => ({
        name: `DNS: ${mood}, until it answers`, ...start, ...tls, stage: names(mood), does: asksNames, heal: answersNames,
        hits: 4, lasts: 3_000, ...is.normal, says: noName, ...reconnects,
    })),
    {
        name: 'DNS: silence, until it answers', ...start, ...tls, stage: names('silence'), does: asksNames, heal: answersNames,
        lasts: 15_000, ...is.resolving, says: noName, ...reconnects,
    },
    {
        name: 'DNS: the first of two addresses refuses', ...start, ...tls, stage: names('right', { ipv6: true }), does: asksNames,
        ...is.untouched, ...stays,
    },
    {
        name: 'DNS dies while connected, then the link: the last good address', ...tls, stage: names('right'), ...is.resolving,
        says: lost, ...reconnects,
        does: now(({ cloud }, { stage }) => { stage.server.mood = 'silence'; cloud.cut({ only: 'sensor-42' }); }),
    },
];

/** Delays of minutes: who comes sooner was told by the kernel. Full jitter makes it likely, not certain. */
const patient = { config: { uplink: { reconnect: { initial_delay: '300s', max_delay: '300s', per_minute: 60 } } } };
const at = { stage: line, tls: true };
const addresses = [
    {
        name: 'address changes while connected', ...at, ...is.vanished, says: deadLine, ...reconnects,
        does: now((_, { stage }) => { stage.leave(2); stage.arrive(3); }),
    },
    {
        name: 'no address for 40 s, then another one', ...at, ...patient, ...is.kernelTells, says: /./, ...reconnects,
        does: now((_, { stage }) => stage.leave(2)), lasts: 40_000, heal: ({ stage }) => stage.arrive(3),
    },
    {
        name: 'packets vanish while connected', ...at, ...is.reaching, says: deadLine, ...reconnects,
        does: now((_, { stage }) => stage.swallow()), lasts: 35_000, heal: ({ stage }) => stage.deliver(),
    },
    {
        name: 'packets vanish before the first connect', ...start, ...at, ...is.reaching, says: deadLine, ...reconnects,
        does: now((_, { stage }) => stage.swallow()), lasts: 20_000, heal: ({ stage }) => stage.deliver(),
    },
];

const outage = [
    { name: 'the port refuses for 8 s', does: cutWhile(8_000, () => {}), ...is.afterOutage, says: /refused|lost|no connection/i, ...reconnects },
];

export const networkRows = [
    ...resets, ...laterResets, ...silences, ...laterSilences, ...garbage, ...welcomes, ...goodWelcomes, ...certificates, ...dns, ...addresses, ...outage,
];
