/** The demo's verdict: what was polled, committed and received, each measured where it happened. */

/** Columns by the widest cell; numbers to the right. */
function tabulate(rows) {
    const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
    const align = (cell, i) => (typeof cell === 'number' ? String(cell).padStart(widths[i]) : cell.padEnd(widths[i]));
    return rows.map((row) => row.map(align).join('   ').trimEnd()).join('\n');
}

/** Rows of `sensor, polled, received, errors, wrong values`; `simulatedPolls` where no device keeps a log. */
function sensorRows(site, simulatedPolls) {
    const errors = (name) => site.readings(name).filter((reading) => reading.error).length;
    const rows = Object.entries(site.compareWithSlaves()).map(
        ([name, { served, faults }]) => [name, served, site.readings(name).length - errors(name), errors(name), faults.length]);
    return [...rows, ['simulated', simulatedPolls, site.readings('simulated').length - errors('simulated'), errors('simulated'), 0]];
}

/** Stops the gateway, compares, prints; true when nothing is missing. `simulatedPolls`: polls of the simulated sensor. */
export async function printVerdict(site, simulatedPolls) {
    const messages = await site.finish();
    const committed = messages.reduce((sum, { readings }) => sum + readings, 0);
    const rows = sensorRows(site, simulatedPolls);
    const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
    const { readings: received, duplicates } = site.ledger;
    const { ok, ...verdict } = site.verify(messages.at(-1).seq);
    const passed = ok && sum(4) === 0 && received === committed;

    console.log(`\n${tabulate([['sensor', 'polled', 'received', 'errors', 'wrong values'], ...rows])}\n`);
    console.log(tabulate([
        ['readings polled', sum(1), "by the Modbus devices' own logs; the simulated sensor's by status"],
        ['readings committed', committed, 'in the outbox file; errors of sensors count as readings'],
        ['readings received', received, 'by the subscriber, each once'],
        ['duplicates removed', duplicates, 'messages, by messageId'],
        ['unexplained gaps', verdict.holes.length, 'holes in seq and prev that no gap record names'],
    ]));
    if (sum(1) > sum(2)) {
        console.log(`\n${sum(1) - sum(2)} readings were taken in the last moment before the SIGKILL and not yet committed: a crash`
            + ' costs at most batch.max_age (1 s).');
    }
    if (!ok) console.log(JSON.stringify(verdict, null, 2));
    console.log(`\nverdict: ${passed ? 'nothing committed was lost' : 'FAILED: what was committed and what was received differ'}`);
    return passed;
}
