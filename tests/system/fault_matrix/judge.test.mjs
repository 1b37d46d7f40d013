import assert from 'node:assert/strict';
import test from 'node:test';

import { brokenCount, mostInAMinute } from './judge.mjs';
import { Gate, runAll } from './pool.mjs';
import { renderMatrix } from './report.mjs';

test('connects are counted in whichever minute has the most of them', () => {
    assert.equal(mostInAMinute([]), 0);
    assert.equal(mostInAMinute([0, 30_000, 59_999, 60_000]), 3);
    assert.equal(mostInAMinute([0, 50_000, 60_000, 109_999, 110_000]), 3);
});

test('a count that rises by one is whole, from 0 on and once more after another start', () => {
    assert.equal(brokenCount([0, 1, 2, 0, 1]), null);
    assert.match(brokenCount([1, 2]), /1 after nothing/);
    assert.match(brokenCount([0, 1, 3]), /3 after 1/);
    assert.match(brokenCount([0, 1, 1]), /1 after 1/);
});

test('no more are inside than may be, and each gets in', async () => {
    let inside = 0;
    let most = 0;
    const work = async (item, started) => {
        inside += 1;
        most = Math.max(most, inside);
        started();
        await new Promise((resolve) => { setImmediate(resolve); });
        inside -= 1;
        return item;
    };
    assert.deepEqual(await Promise.all(runAll([1, 2, 3, 4, 5], { atOnce: 2, starting: 1 }, work)), [1, 2, 3, 4, 5]);
    assert.equal(most, 2);
});

test('one who leaves a gate twice makes room for one', async () => {
    const gate = new Gate(1);
    const leave = await gate.enter();
    const second = gate.enter();
    let third = false;
    gate.enter().then(() => { third = true; });
    leave();
    leave();
    await second;
    await new Promise((resolve) => { setImmediate(resolve); });
    assert.equal(third, false);
});

test('the table tells time, limit, connects, duplicates and what is wrong, row by row', () => {
    const text = renderMatrix([
        { row: { name: 'a', within: 2000 }, took: 250, attempts: 2, duplicates: 1, problems: [] },
        { row: { name: 'b', within: 62_000 }, problems: ['lost\nat line 1'] },
    ]);
    assert.match(text, /^a +0\.3 +2\.0 +2 +1 +ok$/m);
    assert.match(text, /^b +- +62\.0 +- +- +FAILED: lost$/m);
    assert.match(text, /2 rows, 1 ok, 1 failed/);
});
