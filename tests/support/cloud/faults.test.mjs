import assert from 'node:assert/strict';
import test from 'node:test';
import { FaultBook } from './faults.mjs';

test('an order is used up by its times, its peer, its channel and its text', () => {
    const book = new FaultBook(['backend*']);
    book.order({ at: 'publish', do: 'ignore', times: 2, channel: 'fleet/*/t', contains: ':7' });
    const hit = { peerId: 'gw', channel: 'fleet/gw/t', text: '{"messageId":"gw:e:7"}' };
    assert.equal(book.take('publish', { ...hit, peerId: 'backend-1' }), null);
    assert.equal(book.take('publish', { ...hit, channel: 'fleet/gw/u' }), null);
    assert.equal(book.take('publish', { ...hit, text: 'other' }), null);
    assert.equal(book.take('subscribe', hit), null);
    assert.deepEqual(
        [1, 2, 3].map(() => book.take('publish', hit)?.do),
        ['ignore', 'ignore', undefined],
    );
    assert.equal(book.orders[0].hits, 2);
});

test('an order tells when it hit first and last, and what', () => {
    let now = 5;
    const book = new FaultBook([], Math.random, () => now);
    const order = book.order({ at: 'publish', do: 'ignore', times: null });
    assert.deepEqual([order.hits, order.firstAt], [0, undefined]);
    book.take('publish', { peerId: 'gw', text: 'one' });
    now = 7;
    book.take('publish', { peerId: 'gw', text: 'two' });
    assert.deepEqual([order.hits, order.firstAt, order.lastAt, order.frame], [2, 5, 7, 'two']);
});

test('orders can be taken back, for one point or all', () => {
    const book = new FaultBook();
    for (const [at, what] of [
        ['ack', 'lose'],
        ['publish', 'ignore'],
        ['ping', 'ignore'],
    ])
        book.order({ at, do: what, times: null });
    book.clear('ack');
    assert.deepEqual(
        book.orders.map(({ at }) => at),
        ['publish', 'ping'],
    );
    book.clear();
    assert.deepEqual(book.orders, []);
});

test('an order by chance hits as often as it says', () => {
    const draws = [0.1, 0.6, 0.4, 0.9];
    const book = new FaultBook([], () => draws.shift());
    book.order({ at: 'ack', do: 'lose', times: null, probability: 0.5 });
    assert.deepEqual(
        [1, 2, 3, 4].map(() => book.take('ack', { peerId: 'gw' }) !== null),
        [true, false, true, false],
    );
});

test('an order that could never be carried out is refused', () => {
    const book = new FaultBook();
    assert.throws(() => book.order({ at: 'lunch', do: 'reset' }), /is no point/);
    assert.throws(() => book.order({ at: 'ack', do: 'error' }), /one of lose/);
    assert.throws(() => book.order({ at: 'accept', do: 'reset', only: 'gw' }), /nobody knows/);
});
