import assert from 'node:assert/strict';
import test from 'node:test';
import { GatewayLedger, parseId, shapeProblem } from './ledger.mjs';
import { judge } from './verify.mjs';

/** A message of the contract; `more` replaces its content. */
function message(seq, prev, more = { readings: [{ sensor: 's', ts: seq, values: { v: seq } }] }, epoch = 'e1') {
    const text = typeof prev === 'number' ? `${epoch}:${prev}` : prev;
    return {
        messageId: `gw:${epoch}:${seq}`,
        seq,
        ...(prev === undefined ? {} : { prev: text }),
        ts: 1000 + seq,
        ...more,
    };
}

const gap = (from_seq, to_seq, messages, more = {}) => ({
    gap: { epoch: 'e1', from_seq, to_seq, messages, readings: messages, reason: 'outbox_full', ...more },
});

/** A ledger of messages, each on channel `t` unless given as [channel, message]. */
function received(...list) {
    const ledger = new GatewayLedger('gw');
    for (const item of list) {
        const [channel, content] = Array.isArray(item) ? item : ['t', item];
        const id = parseId(content.messageId);
        assert.equal(shapeProblem(content, id), null);
        ledger.record(channel, content, id);
    }
    return ledger;
}

const clean = { holes: [], incomplete: [], chain: [], overcounted: 0 };
const spans = ({ holes }) => holes.map(({ from, to, unexplained }) => [from, to, unexplained]);

test('nothing missing is nothing found, in whatever order it came', () => {
    assert.deepEqual(judge(received(message(1), message(2, 1), message(3, 2))), clean);
    assert.deepEqual(judge(received(message(3, 2), message(1), message(2, 1))), clean);
});

test('a hole that no record names is found by prev and by seq', () => {
    const verdict = judge(received(message(1), message(2, 1), message(5, 4)));
    assert.deepEqual(
        verdict.holes.map(({ from, to, channel }) => [from, to, channel]),
        [
            [3, 3, null],
            [4, 4, 't'],
        ],
    );
});

test('a gap record explains as many as it names, and no more', () => {
    assert.deepEqual(judge(received(message(1), message(5, 4), message(6, 5, gap(2, 4, 3)))), clean);
    const short = judge(received(message(1), message(5, 4), message(6, 5, gap(2, 4, 2))));
    assert.equal(
        short.holes.reduce((sum, { unexplained }) => sum + unexplained, 0),
        1,
    );
});

test('a record of unknown count explains its whole span', () => {
    assert.deepEqual(judge(received(message(1), message(9, 8), message(10, 9, gap(2, 8, null)))), clean);
});

test('a record does not explain what lies outside its span, in another epoch or on another channel', () => {
    const others = [gap(1, 3, 1), gap(5, 9, 1), gap(4, 4, 1, { epoch: 'e2' })];
    for (const other of others) {
        assert.deepEqual(
            spans(judge(received(message(1), message(2, 1), message(3, 2), message(5, 4), message(6, 5, other)))),
            [[4, 4, 1]],
        );
    }
    const elsewhere = received(message(1), message(2, 1), message(4, 3), ['r', message(5, undefined, gap(3, 3, 1))]);
    assert.deepEqual(spans(judge(elsewhere)), [[3, 3, 1]]);
});

test('counts of overlapping records add up', () => {
    const records = [message(8, 7, gap(2, 5, 2)), message(9, 8, gap(4, 7, 3)), message(10, 9, gap(2, 7, 1))];
    assert.deepEqual(judge(received(message(1), ...records)), clean);
    assert.equal(judge(received(message(1), ...records.slice(0, 2))).holes.length > 0, true);
});

test('a record that names more than is missing is counted, not held against it', () => {
    const verdict = judge(received(message(1), message(2, 1), message(3, 2, gap(1, 2, 2))));
    assert.deepEqual(verdict, { ...clean, overcounted: 2 });
});

test('losses before there was a seq explain no hole', () => {
    const record = { gap: { messages: null, readings: 12, reason: 'queue_full' } };
    assert.deepEqual(spans(judge(received(message(1), message(3, 2, record)))), [[2, 2, 1]]);
});

test('a hole on one channel is not hidden by the seqs of another', () => {
    const ledger = received(
        message(1),
        ['r', message(2, undefined, { result: {} })],
        ['r', message(4, 2, { result: {} })],
        message(5, 1),
    );
    assert.deepEqual(spans(judge(ledger)), [[3, 3, 1]]);
});

test('seq goes on across epochs, and a hole between two epochs is found', () => {
    assert.deepEqual(judge(received(message(1), message(2, 'e1:1', undefined, 'e2'))), clean);
    assert.deepEqual(spans(judge(received(message(1), message(3, 'e1:2', undefined, 'e2')))), [[2, 2, 1]]);
    assert.deepEqual(
        judge(received(message(1), message(3, 'e1:2', undefined, 'e2'), message(4, 'e2:3', gap(2, 2, 1), 'e2'))),
        clean,
    );
});

test('an epoch that begins anew is judged by itself', () => {
    const fresh = [message(1, undefined, undefined, 'e2'), message(2, 'e2:1', undefined, 'e2')];
    assert.deepEqual(judge(received(message(1), message(2, 1), message(3, 2), ...fresh)), clean);
    const holed = judge(
        received(message(1), message(2, 1), message(3, 2), fresh[0], message(3, 'e2:2', undefined, 'e2')),
    );
    assert.deepEqual(spans(holed), [[2, 2, 1]]);
});

test('the beginning and the end count when they are known', () => {
    const ledger = received(message(4, 3), message(5, 4));
    assert.equal(
        judge(ledger).holes.reduce((sum, { missing }) => sum + missing, 0),
        3,
    );
    assert.deepEqual(judge(ledger, { firstSeq: null }), clean);
    assert.deepEqual(spans(judge(ledger, { firstSeq: null, lastSeq: 7 })), [[6, 7, 2]]);
});

test('contradictions in the chain are named', () => {
    const problems = (...list) => judge(received(...list)).chain.map(({ problem }) => problem);
    assert.match(problems(message(1), message(2))[0], /has no prev/);
    assert.match(problems(message(1), message(2, 1), message(3, 1))[0], /passes over seq 2/);
    assert.match(problems(message(1), message(2, 7))[0], /does not come before/);
    assert.match(problems(message(1), message(2, 'e9:1'))[0], /another epoch/);
    assert.match(
        problems(message(1), ['r', message(2, undefined, { result: {} })], message(3, 2))[0],
        /is named as prev on t/,
    );
});

const readings = (count) => Array.from({ length: count }, (_, i) => ({ sensor: 's', ts: i, values: { v: i } }));
const part = (seq, first, last, of) => ({
    messageId: `gw:e1:${seq}/${first}-${last}`,
    seq,
    part: { first, count: last - first + 1, of },
    ts: 1,
    readings: readings(of).slice(first, last + 1),
});

test('a message in parts is whole when its parts cover it, subdivided or not', () => {
    assert.deepEqual(judge(received(message(1), part(2, 0, 3, 6), part(2, 4, 5, 6), message(3, 2))), clean);
    assert.deepEqual(judge(received(part(1, 0, 3, 6), part(1, 0, 1, 6), part(1, 2, 3, 6), part(1, 4, 5, 6))), clean);
    const verdict = judge(received(message(1), part(2, 0, 3, 6), message(3, 2)));
    assert.deepEqual(verdict.incomplete, [{ gateway: 'gw', seq: 2, epoch: 'e1', channel: 't', has: 4, of: 6 }]);
});

test('a missing part is explained by a record of its message or of its readings', () => {
    const list = [message(1), part(2, 0, 3, 6), message(3, 2)];
    assert.deepEqual(judge(received(...list, message(4, 3, gap(2, 2, 1)))), clean);
    assert.deepEqual(judge(received(...list, message(4, 3, gap(2, 2, 0, { readings: 2, reason: 'refused' })))), clean);
    assert.equal(
        judge(received(...list, message(4, 3, gap(2, 2, 0, { readings: 1, reason: 'refused' })))).incomplete.length,
        1,
    );
});

test('readings are counted once, whatever the sending', () => {
    const ledger = received(
        part(1, 0, 3, 6),
        part(1, 0, 3, 6),
        part(1, 0, 1, 6),
        part(1, 4, 5, 6),
        message(1, undefined, { readings: readings(6) }),
    );
    assert.equal(ledger.readings, 6);
    assert.equal(ledger.messages, 1);
    assert.equal(ledger.duplicates, 1);
    assert.deepEqual(ledger.conflicts, []);
});

test('boundaries once sent stay: a later part may only subdivide', () => {
    const problems = (...list) => received(...list).conflicts.map(({ problem }) => problem);
    assert.deepEqual(problems(part(1, 0, 3, 6), part(1, 4, 5, 6), part(1, 0, 1, 6), part(1, 0, 3, 6)), []);
    assert.match(problems(part(1, 0, 3, 6), part(1, 2, 5, 6)).join(), /crosses the part 0-3/);
    assert.match(problems(part(1, 1, 2, 6), part(1, 0, 3, 6)).join(), /crosses the part 1-2/);
});

test('a duplicate may differ in its times, and in nothing else', () => {
    const again = (change) => received(message(1), { ...message(1), ...change }).conflicts.length;
    const values = (v, ts) => ({ readings: [{ sensor: 's', ts, values: v }] });
    assert.equal(again({ ts: 7, clock: 'unsynced', replayed: true, ...values({ v: 1 }, 99) }), 0);
    assert.equal(again(values({ v: 2 }, 1)), 1);
    assert.equal(again(values({ v: 1, ts: 1 }, 1)), 1);
    assert.equal(again({ prev: 'e1:0' }), 1);
    assert.equal(received(message(1), ['r', message(1)]).conflicts.length, 1);
});

test('a misshapen message is told as such', () => {
    const problem = (content) => shapeProblem(content, parseId(content.messageId));
    assert.match(problem({ ...message(1), seq: 2 }), /is not that of/);
    assert.match(problem({ ...message(1), result: {} }), /2 kinds/);
    assert.match(problem({ messageId: 'gw:e1:1', seq: 1 }), /0 kinds/);
    assert.match(problem({ ...part(1, 0, 3, 6), part: { first: 1, count: 3, of: 6 } }), /does not fit the id/);
    assert.match(problem({ ...part(1, 0, 3, 6), readings: [] }), /has not the 4 readings/);
    assert.equal(parseId('gw:e1'), null);
    assert.equal(parseId('two words:e1:3'), null);
    assert.equal(parseId(7), null);
});

test('a hundred thousand messages with every second one dropped are judged without haste', () => {
    const list = [message(1)];
    for (let seq = 3; seq < 100_000; seq += 2) list.push(message(seq, seq - 1));
    list.push(message(100_001, 99_999, gap(1, 99_999, 49_998)));
    const { holes } = judge(received(...list));
    assert.deepEqual(
        holes.map(({ from, to, unexplained }) => [from, to, unexplained]),
        [
            [2, 99_998, 1],
            [100_000, 100_000, 1],
        ],
    );
});
