/** The demo's verdict: what was polled, committed and received, each measured where it happened. */

/** Columns by the widest cell; numbers to the right. */
function tabulate(rows) {
    const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
    return rows.map((row) => row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join('   '));
}

/** Stops the gateway, compares, prints; true when nothing is missing. `simulatedPolls`: polls of the simulated sensor. */
export async function printVerdict(site, simulatedPolls) {
    const committed = (await site.finish()).reduce((sum, { readings }) => sum + readings, 0);
    const rows = [['sensor', 'polled', 'received', 'wrong values']];
    const faults = [];
    for (const [name, result] of Object.entries(site.compareWithSlaves())) {
        rows.push([name, result.served, site.readings(name).length, result.faults.length]);
        faults.push(...result.faults);
    }
    rows.push(['simulated', simulatedPolls, site.readings('simulated').length, '-']);
    const polled = rows.slice(1).reduce((sum, row) => sum + row[1], 0);
    const { readings: received, duplicates } = site.ledger;
    const verdict = site.verify();
    const passed = verdict.ok && faults.length === 0 && received === committed;

    console.log(`\n${tabulate(rows).join('\n')}\n`);
    console.log(tabulate([
        ['readings polled', polled, "by the Modbus devices' own logs; the simulated sensor's by status"],
        ['readings committed', committed, 'in the outbox file'],
        ['readings received', received, 'by the subscriber, each once'],
        ['duplicates removed', duplicates, 'messages, by messageId'],
        ['unexplained gaps', verdict.holes.length, 'holes in seq and prev that no gap record names'],
    ].map(([what, number, where]) => [what, number, `  ${where}`])).map((line) => line.trimEnd()).join('\n'));
    if (polled > committed) {
        console.log(`\n${polled - committed} readings were taken in the last moment before the SIGKILL and not yet committed: a crash costs at`
            + ' most batch.max_age (1 s).');
    }
    if (!verdict.ok || faults.length > 0) console.log(JSON.stringify({ ...verdict, faults: faults.slice(0, 10) }, null, 2));
    console.log(`\nverdict: ${passed ? 'nothing committed was lost' : 'FAILED: what was committed and what was received differ'}`);
    return passed;
}
