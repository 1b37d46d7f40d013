/**
 * The fault matrix: everything that a service, a network, a certificate or a token can do to an uplink, each to a gateway
 * of its own. Each row must end connected again, without a restart, in its documented time, with nothing lost.
 *
 * node tests/system/fault_matrix.test.mjs --only 'TEXT|TEXT'   runs the rows whose name has one of them; so does
 * $FIELDLINK_MATRIX_ONLY
 */
import assert from 'node:assert/strict';
import test from 'node:test';

import { runAll } from './fault_matrix/pool.mjs';
import { renderMatrix } from './fault_matrix/report.mjs';
import { rows } from './fault_matrix/rows.mjs';
import { playRow, removeCertificates } from './fault_matrix/scene.mjs';
import { prepareLines, removeLines, whyNoStage } from './fault_matrix/stages.mjs';

// Gateways and namespaces are ended where the process exits, not where a signal kills it.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const flag = process.argv.indexOf('--only');
const only = flag > 0 ? process.argv[flag + 1] : process.env.FIELDLINK_MATRIX_ONLY ?? '';
const chosen = rows.filter(({ name }) => only.split('|').some((text) => name.includes(text)));
const skipped = chosen.filter(({ stage }) => stage && whyNoStage());

test('the table has at least 45 rows, each with another name', () => {
    assert.ok(rows.length >= 45, `${rows.length} rows`);
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    for (const { name, within, by, ends } of rows) assert.ok(within > 0 && by && ends, name);
});

test('the fault matrix', { concurrency: true, timeout: 900_000 }, async (t) => {
    assert.ok(chosen.length > 0, `no row has "${only}" in its name`);
    // The longest first: the others run beside them.
    const inOrder = chosen.filter((row) => !skipped.includes(row)).sort((a, b) => b.within - a.within);
    prepareLines(inOrder);
    const playing = runAll(inOrder, { atOnce: 40, starting: 3 }, playRow);
    const tests = inOrder.map((row, i) => t.test(row.name, async () => {
        const { problems, report } = await playing[i];
        if (problems.length > 0) console.error(`${row.name}:\n  ${problems.join('\n  ')}\n${report ?? ''}`);
        assert.deepEqual(problems, []);
    }));
    const others = skipped.map(({ name }) => t.test(name, { skip: whyNoStage() }));
    await Promise.allSettled([...tests, ...others]);
    const results = await Promise.all(playing);
    console.log(`\n${renderMatrix(results.sort((a, b) => chosen.indexOf(a.row) - chosen.indexOf(b.row)))}\n`);
    await removeCertificates();
    removeLines();
});
