/** Rows about frames that no client should have to expect: dropped, or the connection closed; never a crash. */
import * as is from './verbs.mjs';
import { fragmentedCommand, frame, noise } from './verbs.mjs';

/** Watched for longer than any answer or retry would take. */
const stays = { ends: 'stays', watch: 3_000 };
const either = { ends: 'either', watch: 3_000 };

const hasResult = ({ site }) => {
    const results = [...site.ledger.entries.values()].filter(({ channel }) => channel.endsWith('/result'));
    if (results.length < 2) throw new Error('the command in fragments had no result');
};

export const bodyRows = [
    { name: 'frame: binary', does: noise('binary'), ...is.normal, ...either },
    { name: 'frame: a command in fragments', does: fragmentedCommand, ...is.untouched, says: null, ...stays, also: hasResult },
    { name: 'frame: over 1 MiB', does: noise('huge'), ...is.normal, ...either },
    { name: 'frame: over 1 MiB in fragments', does: noise('huge_fragmented'), ...is.normal, ...either },
    { name: 'frame: nested 20000 deep', does: noise('deep'), ...is.normal, ...either },
    { name: 'frame: text that is no UTF-8', does: noise('bad_utf8'), ...is.normal, ...either },
    { name: 'frame: no JSON', does: noise('garbage'), ...is.normal, ...either },
    { name: 'frame: JSON, but no object', does: noise('not_object'), ...is.normal, ...either },
    { name: 'frame: required fields missing', does: noise('missing_fields'), ...is.normal, ...either },
    { name: 'frame: fields of wrong types', does: noise('wrong_types'), ...is.normal, ...either },
    { name: 'frame: an unknown type', does: noise('unknown_type'), ...is.untouched, says: null, ...stays },
    { name: 'frame: an ack for nothing', does: noise('unknown_ack'), ...is.untouched, says: null, ...stays },
    { name: 'frame: error unknown_type without an id', does: frame('{"type":"error","code":"unknown_type"}'), ...is.untouched, ...stays },
    { name: 'frame: going_away, and then nothing', does: frame('{"type":"going_away","retryAfterMs":1000}'), ...is.untouched, ...stays },
    { name: 'frame: a second welcome while online', ...is.untouched, says: null, ...stays,
        does: frame('{"type":"welcome","peerId":"sensor-42","expiresAt":null,"serverTime":1,"maxMessageSize":10}') },
];
