import assert from 'node:assert/strict';
import test from 'node:test';
import { assign } from './flow.mjs';

const among = (edges) => (d, c) => edges[d].includes(c);

test('earlier choices are revised when a later demand has no other choice', () => {
    const { unmet, used } = assign([3, 3], [3, 3], among([[0, 1], [0]]));
    assert.deepEqual(unmet, [0, 0]);
    assert.deepEqual(used, [3, 3]);
});

test('a chain of revisions is followed to its end', () => {
    const { unmet } = assign([1, 1, 1, 1], [1, 1, 1, 1], among([[0, 1], [0, 2], [1, 3], [0]]));
    assert.deepEqual(unmet, [0, 0, 0, 0]);
});

test('what cannot be met stays, and without limit means without limit', () => {
    assert.deepEqual(assign([5, 2], [3], among([[0], [0]])).unmet, [2, 2]);
    assert.deepEqual(assign([5, 2], [Infinity], among([[0], [0]])), { unmet: [0, 0], used: [7] });
    assert.deepEqual(assign([2], [9], among([[]])), { unmet: [2], used: [0] });
});

const withOneLess = (sizes, index) => sizes.map((size, i) => (i === index ? size - 1 : size));

/** The most that can be met, by trying everything: units one by one, each to any capacity or none. */
function best(units, capacities, fits) {
    if (units.length === 0) return 0;
    const [first, ...rest] = units;
    let most = best(rest, capacities, fits);
    capacities.forEach((free, c) => {
        if (free > 0 && fits(first, c)) most = Math.max(most, 1 + best(rest, withOneLess(capacities, c), fits));
    });
    return most;
}

test('on small problems it is as good as trying everything', () => {
    let seed = 42;
    const random = (below) => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return Math.floor((seed / 2147483648) * below);
    };
    for (let round = 0; round < 300; ++round) {
        const demands = Array.from({ length: 3 }, () => random(3));
        const capacities = Array.from({ length: 3 }, () => random(3));
        const table = demands.map(() => capacities.map(() => random(2) === 1));
        const fits = (d, c) => table[d][c];
        const units = demands.flatMap((size, d) => new Array(size).fill(d));
        const met = units.length - assign(demands, capacities, fits).unmet.reduce((sum, left) => sum + left, 0);
        assert.equal(met, best(units, capacities, fits), JSON.stringify({ demands, capacities, table }));
    }
});
