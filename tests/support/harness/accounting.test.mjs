import assert from 'node:assert/strict';
import test from 'node:test';

import { assertBalanced, imbalance } from './accounting.mjs';

const outbox = {
    read_readings: 20, acked_readings: 2, owed_readings: 3, waiting_readings: 4, dropped_readings: 5,
    quarantined_readings: 6, dropped_by_reason: { outbox_full: 3, queue_full: 2 },
};
const balanced = (more = {}) => assertBalanced({ outbox: { ...outbox, ...more } });

test('books that balance are taken', () => balanced());

test('a reading that is nowhere, or in two places, is told', () => {
    assert.equal(imbalance({ outbox: { ...outbox, owed_readings: 2 } }), 1);
    assert.throws(() => balanced({ owed_readings: 2 }), /do not balance/);
    assert.throws(() => balanced({ acked_readings: 3 }), /do not balance/);
});

test('reasons that do not add up are told, and so is a count that is missing', () => {
    assert.throws(() => balanced({ dropped_by_reason: { outbox_full: 4 } }), /reasons/);
    assert.throws(() => balanced({ dropped_by_reason: undefined }), /reasons/);
    assert.throws(() => balanced({ quarantined_readings: undefined }), /quarantined_readings is no count/);
});
