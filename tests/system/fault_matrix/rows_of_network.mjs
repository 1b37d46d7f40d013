/** Rows about everything up to the welcome, and about a line that dies: resets, silence, garbage, TLS, names, addresses. */
import { answersNames, asksNames, line, names } from './stages.mjs';
import * as is from './verbs.mjs';
import { cutWhile, fault, faultOfTelemetry, frozen, now, shows, showsRight } from './verbs.mjs';

const reconnects = { ends: 'reconnects' };
const stays = { ends: 'stays' };
const start = { when: 'start' };
const tls = { tls: true };

const lost = /reset|lost|end of file|eof|closed|truncated|no trusted connection|no connection/i;
const resets = [
    ['accept', tls], ['bytes', tls], ['upgrade', tls], ['accept'], ['upgrade'], ['welcome'], ['subscribe'],
].map(([at, more]) => ({
    name: `reset at ${at === 'bytes' ? 'the TLS hello' : at}${more && at !== 'bytes' ? ' under TLS' : ''}`, ...start, ...more,
    does: fault({ at, do: 'reset' }), ...is.normal, says: lost, ...reconnects,
}));
const laterResets = ['publish', 'ack'].map((at) => ({
    name: `reset at ${at}`, does: faultOfTelemetry({ at, do: 'reset' }), ...is.normal, says: lost, ...reconnects }));

const slowPoke = /time|too long|does not answer|silent|handshake/i;
const silences = [
    { name: 'silence at accept', ...start, does: fault({ at: 'accept', do: 'silence' }), ...is.upgrading, says: slowPoke, ...reconnects },
    { name: 'silence at accept under TLS', ...start, ...tls, does: fault({ at: 'accept', do: 'silence' }), ...is.securing, says: slowPoke, ...reconnects },
    { name: 'silence at the TLS hello', ...start, ...tls, does: fault({ at: 'bytes', do: 'silence' }), ...is.securing, says: slowPoke, ...reconnects },
    { name: 'silence at upgrade', ...start, does: fault({ at: 'upgrade', do: 'silence' }), ...is.upgrading, says: slowPoke, ...reconnects },
    { name: 'silence at upgrade under TLS', ...start, ...tls, does: fault({ at: 'upgrade', do: 'silence' }), ...is.upgrading, says: slowPoke, ...reconnects },
    { name: 'silence before welcome', ...start, does: fault({ at: 'welcome', do: 'omit' }), ...is.welcoming, says: /welcome/, ...reconnects },
    { name: 'silence at subscribe', ...start, does: fault({ at: 'subscribe', do: 'ignore' }), ...is.undecided, ...stays, recovered: is.subscribed },
    { name: 'silence at publish', does: faultOfTelemetry({ at: 'publish', do: 'ignore' }), ...is.lateAck, says: /ack/, ...reconnects },
    { name: 'frozen: reads nothing', does: frozen('in'), ...is.lateAck, says: /ack|silent/, ...reconnects },
    { name: 'frozen: says nothing', does: frozen('out'), ...is.lateAck, says: /ack|silent/, ...reconnects },
    { name: 'frozen in both directions', does: frozen('both'), ...is.lateAck, says: /ack|silent/, ...reconnects },
];

const oddSwitch = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': 'bm90IHRoaXMgb25lIGF0IGFsbCE=' };
const garbage = [
    { name: 'garbage instead of TLS', ...start, ...tls, does: fault({ at: 'bytes', do: 'garbage' }), ...is.normal, says: /tls|ssl|version|trusted/i, ...reconnects },
    { name: 'garbage instead of HTTP', ...start, does: fault({ at: 'upgrade', do: 'garbage' }), ...is.normal, says: /./, ...reconnects },
    { name: 'garbage instead of HTTP under TLS', ...start, ...tls, does: fault({ at: 'upgrade', do: 'garbage' }), ...is.normal, says: /./, ...reconnects },
    { name: 'upgrade with a wrong Sec-WebSocket-Accept', ...start, ...is.normal, says: /./, ...reconnects,
        does: fault({ at: 'upgrade', do: 'answer', status: 101, headers: oddSwitch }) },
    { name: 'garbage instead of welcome', ...start, does: fault({ at: 'welcome', do: 'malformed', text: '}{ no JSON' }), ...is.welcoming, says: /welcome/, ...reconnects },
];

const welcome = (text) => fault({ at: 'welcome', do: 'malformed', text });
const welcomes = [
    { name: 'welcome with a peerId that is a number', ...start, does: welcome('{"type":"welcome","peerId":7}'), ...is.welcoming, says: /welcome/, ...reconnects },
    { name: 'welcome that is an array', ...start, does: welcome('[{"type":"welcome"}]'), ...is.welcoming, says: /welcome/, ...reconnects },
    { name: 'welcome 8 s late', ...start, does: fault({ at: 'welcome', do: 'delay', ms: 8_000 }), ...is.welcoming, ...stays },
    { name: 'welcome 11 s late', ...start, does: fault({ at: 'welcome', do: 'delay', ms: 11_000 }), ...is.welcoming, says: /welcome/, ...reconnects },
    { name: 'welcome missing three times', ...start, does: fault({ at: 'welcome', do: 'omit', times: 3 }), ...is.welcoming, says: /welcome/, ...reconnects },
    { name: 'welcome doubled', ...start, does: fault({ at: 'welcome', do: 'double' }), ...is.untouched, says: null, ...stays, watch: 3_000 },
];

const certificates = [
    ['expired', 'has expired', /expired/i], ['elsewhere', 'for another host', /host|name|mismatch|elsewhere/i],
    ['stranger', 'of an unknown authority', /certificate|issuer|self.signed|authority/i],
].map(([which, what, says]) => ({
    name: `certificate ${what}, until it is replaced`, ...start, ...tls, does: shows(which), heal: showsRight, lasts: 5_000, ...is.normal, says, ...reconnects,
}));

const noName = /resolv|host|name|dns/i;
const dns = [
    ...['nxdomain', 'servfail'].map((mood) => ({
        name: `DNS: ${mood}, until it answers`, ...start, ...tls, stage: names(mood), does: asksNames, heal: answersNames, hits: 4, lasts: 3_000,
        ...is.normal, says: noName, ...reconnects })),
    {
        name: 'DNS: silence, until it answers', ...start, ...tls, stage: names('silence'), does: asksNames, heal: answersNames, lasts: 15_000,
        ...is.resolving, says: noName, ...reconnects },
    {
        name: 'DNS dies while connected, then the link: the last good address', ...tls, stage: names('right'), ...is.resolving, says: lost, ...reconnects,
        does: now(({ cloud }, { stage }) => { stage.server.mood = 'silence'; cloud.cut({ only: 'sensor-42' }); }) },
];

/** Delays of a minute: who comes sooner was told by the kernel. Full jitter makes it likely, not certain. */
const patient = { config: { uplink: { reconnect: { initial_delay: '300s', max_delay: '300s', per_minute: 60 } } } };
const at = { stage: line, tls: true };
const addresses = [
    {
        name: 'address changes while connected', ...at, ...is.vanished, says: /ack|lost|silent|time|network/i, ...reconnects,
        does: now((_, { stage }) => { stage.leave(2); stage.arrive(3); }) },
    {
        name: 'no address for 25 s, then another one', ...at, ...patient, ...is.rearmed, within: 3_000, says: /./, ...reconnects,
        does: now((_, { stage }) => stage.leave(2)), lasts: 25_000, heal: ({ stage }) => stage.arrive(3), by: 'netlink: an immediate, jittered retry' },
    {
        name: 'packets vanish while connected', ...at, ...is.reaching, says: /ack|lost|silent|time/i, ...reconnects,
        does: now((_, { stage }) => stage.swallow()), lasts: 30_000, heal: ({ stage }) => stage.deliver() },
    {
        name: 'packets vanish before the first connect', ...start, ...at, ...is.reaching, says: /time|route|connection/i, ...reconnects,
        does: now((_, { stage }) => stage.swallow()), lasts: 20_000, heal: ({ stage }) => stage.deliver() },
];

const outage = [
    { name: 'the port refuses for 8 s', does: cutWhile(8_000, () => {}), ...is.afterOutage, says: /refused|lost|no connection/i, ...reconnects },
];

export const networkRows = [
    ...resets, ...laterResets, ...silences, ...garbage, ...welcomes, ...certificates, ...dns, ...addresses, ...outage,
];
