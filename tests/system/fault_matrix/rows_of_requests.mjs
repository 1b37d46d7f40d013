/** Rows about requests and their answers: acks, and errors of each code. */
import * as is from './verbs.mjs';
import { cutWhile, fault, faultOfTelemetry, now } from './verbs.mjs';

const stays = { ends: 'stays' };
const reconnects = { ends: 'reconnects' };

const acks = [
    { name: 'ack lost', does: faultOfTelemetry({ at: 'ack', do: 'lose' }), ...is.lateAck, says: /ack/, ...reconnects },
    {
        name: 'ack 5 s late', does: faultOfTelemetry({ at: 'ack', do: 'delay', ms: 5_000 }), ...is.untouched, says: null, ...stays,
        watch: 12_000,
    },
    { name: 'ack 14 s late', does: faultOfTelemetry({ at: 'ack', do: 'delay', ms: 14_000 }), ...is.lateAck, says: /ack/, ...reconnects },
    {
        name: 'ack doubled', does: faultOfTelemetry({ at: 'ack', do: 'double', times: 5 }), ...is.untouched, says: null, ...stays,
        watch: 3_000,
    },
    { name: 'ack for an unknown id', does: faultOfTelemetry({ at: 'ack', do: 'unknown' }), ...is.lateAck, says: /ack/, ...reconnects },
    { name: 'every third ack lost for a while', ...is.lateAck, says: /ack/, ...reconnects,
        does: faultOfTelemetry({ at: 'ack', do: 'lose', times: 6, probability: 0.3 }) },
    {
        name: "the subscribe's ack lost", when: 'start', does: fault({ at: 'ack', do: 'lose', channel: 'fleet/*/cmd' }), ...is.untouched,
        ...stays, watch: 20_000,
    },
];

/** What an error that answers a publish is about, and so how long it is held: wire-protocol.md and design §6. */
const byCode = {
    malformed_message: is.tryAgain, missing_data: is.tryAgain,
    invalid_channel: is.holdChannel, channel_not_authorized: is.holdChannel, channel_reserved: is.holdChannel,
    channel_limit_exceeded: is.holdChannel, action_not_permitted: is.holdChannel,
    over_message_quota: is.holdAll,
    unknown_type: is.tryLater, invalid_peer_id: is.tryLater, peer_not_found: is.tryLater, made_up_yesterday: is.tryLater,
};

const refused = Object.entries(byCode).flatMap(([code, time]) => [
    { name: `publish: ${code}`, does: faultOfTelemetry({ at: 'publish', do: 'error', code }), ...time, says: new RegExp(code), ...stays },
    {
        name: `subscribe: ${code}`, when: 'start', does: fault({ at: 'subscribe', do: 'error', code }), ...is.resubscribe,
        says: new RegExp(code), ...stays, recovered: is.subscribed,
    },
]);

const often = [
    {
        name: 'subscribe refused until the next connection', when: 'start', ...is.normal, ...reconnects, recovered: is.subscribed,
        does: fault({ at: 'subscribe', do: 'error', code: 'channel_not_authorized', times: null }), hits: 3, lasts: 12_000,
        says: /subscri/, heal: ({ site }) => site.cutLink(),
    },
    {
        name: 'publish: made_up_yesterday, three times', ...is.tryLater, says: /made_up_yesterday/, ...stays,
        does: faultOfTelemetry({ at: 'publish', do: 'error', code: 'made_up_yesterday', times: 3 }),
    },
];

/** A service that takes only small frames from now on; what is stored is larger, and goes out in parts. */
const wide = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [
    `p${i}`, { wave: 'random_walk', mean: 0, amplitude: 1e12, step: 1e9, seed: i + 1 }]));
const large = {
    sensors: { wide: { bus: 'bench', every: '100ms', points: wide } }, config: { batch: { max_age: '3s', max_bytes: '48KiB' } },
};
const inParts = ({ site }) => {
    const some = [...site.ledger.entries.values()].some(({ parts }) => parts.length > 1);
    if (!some) throw new Error('nothing came in parts: the row proves nothing');
};
const lower = (bytes) => ({ cloud }) => cloud.setMaxMessageSize(bytes, { enforceNow: true });
/** Parts of the first size are sent and not acked; then a smaller one is told, to which they have to be divided further. */
const lowerTwice = ({ cloud }) => {
    const lost = cloud.faults.order({ at: 'ack', do: 'lose', times: null, channel: 'fleet/*/telemetry' });
    const again = () => {
        lost.left = 0;
        cloud.setMaxMessageSize(6_000);
        cloud.cut({ only: 'sensor-42' });
    };
    cloud.setMaxMessageSize(16_384);
    cloud.once('open', () => setTimeout(again, 3_000));
};

const sizes = [
    {
        name: 'maxMessageSize lowered between connections', ...large, ...is.afterOutage, says: /lost|reset|connect/i, ...reconnects,
        does: cutWhile(8_000, lower(8_192)), also: inParts,
    },
    {
        name: 'maxMessageSize lowered twice', ...large, ...is.afterOutage, within: 20_000, says: /lost|reset|connect/i, ...reconnects,
        does: cutWhile(8_000, lowerTwice), also: inParts,
        recovered: ({ counters, since }) => counters.welcomeTimes.filter((at) => at > since)[1],
    },
    {
        name: 'maxMessageSize lowered, unannounced, while connected', ...large, ...is.normal, within: 6_000, says: /1009/, ...reconnects,
        does: now(lower(8_192)), by: 'the next message within max_age of 3 s, 1009, normal back-off', violations: { 1009: 1 },
        also: inParts,
    },
    {
        name: 'maxMessageSize lower than any welcome says', ...large, ...is.normal, within: 6_000, says: /1009/, ...reconnects,
        does: now(({ cloud }) => cloud.setMaxMessageSize(8_192, { enforceNow: true, announce: false })), also: inParts,
        by: 'the next message within max_age of 3 s, 1009, normal back-off; the size learnt stays', mayViolate: { 1009: 6 },
    },
];

export const publishRows = [...acks, ...refused, ...often, ...sizes];
