/**
 * The table: what goes wrong, and what must come of it.
 *
 *   name      of the row
 *   when      `start`: the trouble waits for the first connect; else it comes to a gateway that is online and publishes
 *   does      the trouble (verbs.mjs)
 *   heal      takes it away, once it was hit `hits` times, went on for `lasts` ms and the status says what `says` has
 *   ends      `reconnects`: there must be another welcome; `stays`: there must be no other connect; `either`
 *   within, floor, by   the documented time, how long it must wait at least, and who says so (verbs.mjs), each beginning at
 *             the last hit or at the healing
 *   says      what the status must tell while it lasts; null: that all is well
 *   watch     for so many ms more it is watched before it is judged: what stays must go on staying
 *   recovered when it counts as healed, if that is neither the welcome nor the next or the refused message at the subscriber
 *   also      what else must hold
 *   tls, auth, config, cloud, sensors, stage   the scene, if it is not plain ws, a token file and one simulated sensor
 */
import { bodyRows } from './rows_of_frames.mjs';
import { credentialRows } from './rows_of_credentials.mjs';
import { networkRows } from './rows_of_network.mjs';
import { publishRows } from './rows_of_requests.mjs';
import * as is from './verbs.mjs';
import { closed, fault, goingAway } from './verbs.mjs';

const reconnects = { ends: 'reconnects' };
const start = { when: 'start' };

const byCode = [
    [1000, is.normal], [1001, is.normal], [1006, is.normal, /lost|reset|connection/i], [1007, is.normal], [1008, is.normal],
    [1009, is.normal], [1011, is.normal], [1012, is.normal], [1013, is.normal], [4000, is.normal], [4001, is.slow],
    [4002, is.atOnce, undefined], [4003, is.slow], [4010, is.halfSlow], [4011, is.normal], [4012, is.suspended], [4020, is.slow],
    [4999, is.normal],
];

/** A token that has expired is routine once: it need not be told. */
const closes = byCode.flatMap(([code, time, says = code === 4002 ? undefined : new RegExp(code)]) => [
    { name: `close ${code}`, does: closed(code), ...time, says, ...reconnects },
    {
        name: `close ${code} before welcome`, ...start, ...(code === 4002 ? is.normal : time), says, ...reconnects,
        does: fault(code === 1006 ? { at: 'welcome', do: 'reset' } : { at: 'welcome', do: 'close', code }),
    },
]);

const going = [
    { name: 'going_away in 3 s, then 1001', does: goingAway(3000), ...is.deploy, says: /1001|going away/, ...reconnects },
    {
        name: 'close 1011 fifteen times, ten connects a minute allowed', ...start, ...is.slow, floor: 0, says: /1011/, ...reconnects,
        does: fault({ at: 'welcome', do: 'close', code: 1011, times: 15 }), strikes: 120_000, by: 'per_minute: 10 in any 60 s',
        config: { uplink: { reconnect: { initial_delay: '50ms', max_delay: '500ms', per_minute: 10 } } },
    },
];

const html = { body: '<html><title>Guest network</title></html>', headers: { 'Content-Type': 'text/html' } };
const later = { 'Retry-After': '5' };
const answers = [
    [200, is.normal, html], [302, is.normal, { ...html, headers: { Location: 'http://127.0.0.1:9/login' } }], [401, is.slow],
    [403, is.slow], [404, is.halfSlow], [429, is.tooMany, { headers: later }], [500, is.normal], [503, is.toldWhen, { headers: later }],
].map(([status, time, more]) => ({
    name: `upgrade answered ${status}${more === html ? ' and a page' : ''}`, ...start, ...time, says: new RegExp(status), ...reconnects,
    does: fault({ at: 'upgrade', do: 'answer', status, ...more }),
}));

export const rows = [
    ...closes, ...going, ...answers, ...networkRows, ...bodyRows, ...publishRows, ...credentialRows,
];
