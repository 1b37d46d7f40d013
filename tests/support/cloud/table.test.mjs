import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import test from 'node:test';
import { FleetTable, FleetView, renderTable } from './table.mjs';

const reading = (ts, values, more = {}) => ({ sensor: 'boiler', ts, values, ...more });
const only = (view, now) => view.rows(now)[0];

test('a row shows the newest values with their age', () => {
    const view = new FleetView();
    view.take('gw', [reading(1000, { t: 1, pump: true }), reading(2000, { t: 2 })]);
    view.take('gw', [reading(500, { t: 0 })]);
    assert.deepEqual(only(view, 3500), {
        gateway: 'gw',
        sensor: 'boiler',
        values: 't 2  pump true',
        age: '1.5 s',
        state: 'ok',
        readings: 3,
    });
});

test('a silent sensor is stale, a failing one says why, and neither passes as current', () => {
    const view = new FleetView();
    view.take('gw', [reading(1000, { t: 1 })]);
    assert.equal(only(view, 17_000).state, 'stale');
    view.take('gw', [{ sensor: 'boiler', ts: 2000, error: { code: 'timeout', message: 'unit 1' } }]);
    assert.deepEqual([only(view, 5000).state, only(view, 5000).age], ['failing: timeout', '4.0 s']);
    view.take('gw', [reading(1500, { t: 9 })]);
    assert.equal(only(view, 5000).state, 'failing: timeout', 'an old reading of a backlog heals nothing');
    view.take('gw', [reading(6000, { t: 3 }, { errors: { p: { code: 'illegal_address' } } })]);
    assert.deepEqual(
        [only(view, 6000).state, only(view, 6000).values],
        ['point failing: p', 't 3  p (illegal_address)'],
    );
});

test('rows are aligned, cut to the width, and free of what would move the cursor', () => {
    const row = { gateway: 'gw', sensor: 'a\u001b[2J', age: '1 s', state: 'ok', values: 'x'.repeat(100) };
    const lines = renderTable([row], 40);
    assert.match(lines[0], /^GATEWAY {2}SENSOR {2}AGE {2}STATE/);
    assert.equal(lines[1].length, 40);
    assert.ok(!lines[1].includes('\u001b'));
});

/** A subscriber that only announces, and a stream that only remembers. */
function stage(isTTY) {
    const subscriber = Object.assign(new EventEmitter(), { gateways: new Map() });
    const stream = {
        isTTY,
        columns: 80,
        text: '',
        write(text) {
            this.text += text;
        },
    };
    let now = 1000;
    const table = new FleetTable({ subscriber, stream, now: () => now, everyMs: 1e6 }).start();
    return {
        subscriber,
        stream,
        table,
        at: (ms) => {
            now = ms;
        },
    };
}

test('without a terminal a line is printed when a row is new, changes its state, or after a while', () => {
    const { subscriber, stream, table, at } = stage(false);
    const draw = (ms, ...readings) => {
        at(ms);
        stream.text = '';
        subscriber.emit('readings', 'gw', readings);
        table.draw();
        return stream.text;
    };
    assert.equal(draw(1000, reading(1000, { t: 1 })), 'gw/boiler: ok, age 0.0 s: t 1\n');
    assert.equal(draw(2000, reading(2000, { t: 2 })), '');
    assert.match(draw(3000, { sensor: 'boiler', ts: 3000, error: { code: 'crc' } }), /failing: crc/);
    assert.equal(draw(4000), '');
    assert.match(draw(13_500), /failing: crc/);
    table.stop();
});

test('on a terminal the table is drawn over itself', () => {
    const { subscriber, stream, table } = stage(true);
    subscriber.emit('readings', 'gw', [reading(1000, { t: 1 })]);
    table.note = 'the link is cut';
    table.draw();
    assert.match(stream.text, /boiler/);
    assert.match(stream.text, /the link is cut\n/);
    assert.ok(!stream.text.includes('\u001b[5A'));
    table.stop();
    assert.ok(stream.text.includes('\u001b[5A'), 'goes up by the five lines of the first drawing');
});
