/** The identity that must hold at every moment, of a `status` of the gateway: no reading is unaccounted for. */
import assert from 'node:assert/strict';

/** Where a reading can be. Each is in exactly one of these; report by exception will add those that it suppresses. */
const places = ['acked', 'owed', 'waiting', 'dropped', 'quarantined'];

/** What was read, less what is known of its whereabouts; 0 when the books balance. */
export function imbalance({ outbox }) {
    const count = (place) => {
        const key = `${place}_readings`;
        const isCount = Number.isSafeInteger(outbox[key]) && outbox[key] >= 0;
        assert.ok(isCount, `outbox.${key} is no count: ${JSON.stringify(outbox)}`);
        return outbox[key];
    };
    return places.reduce((rest, place) => rest - count(place), count('read'));
}

/**
 * Asserts read = suppressed + acked + owed + in memory + dropped + quarantined, and that the reasons of what was dropped
 * add up to it.
 */
export function assertBalanced(status) {
    const { outbox } = status;
    assert.equal(imbalance(status), 0, `the books do not balance: ${JSON.stringify(outbox)}`);
    const byReason = Object.values(outbox.dropped_by_reason ?? {});
    const sum = byReason.reduce((total, count) => total + count, 0);
    assert.equal(sum, outbox.dropped_readings, `the reasons do not add up to what was dropped: ${JSON.stringify(outbox)}`);
}
