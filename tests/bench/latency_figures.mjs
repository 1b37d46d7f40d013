/** How soon commands reached the device. Pure functions; the times given are CLOCK_MONOTONIC in ns, those returned ms. */

const inMs = (ns) => ns / 1e6;

/** How long, between `from` and `to`, the first transaction that was under way then kept the bus busy. */
function blocked(transactions, from, to) {
    const found = transactions.find(({ arrived, answered }) => answered > from && arrived < to);
    return found ? Math.min(found.answered, to) - Math.max(found.arrived, from) : 0;
}

/**
 * For each command `{raw, less}`: from the service's write to the request on the slave's socket, and the same less the one
 * bus transaction that was under way (as far as it lay between the two: from its request's arrival to its answer).
 * `commands`: [[number, written]…]; `slave`: {writes: [[value, arrived, answered]…], reads: [[arrived, answered]…]}, where
 * each value written is the number of its command.
 */
export function latencies(commands, slave) {
    const writes = slave.writes.map(([value, arrived, answered]) => ({ value, arrived, answered }));
    const reads = slave.reads.map(([arrived, answered]) => ({ arrived, answered }));
    const transactions = [...writes, ...reads].sort((a, b) => a.arrived - b.arrived);
    const byNumber = new Map(writes.map((write) => [write.value, write]));
    return commands.filter(([number]) => byNumber.has(number)).map(([number, written]) => {
        const { arrived } = byNumber.get(number);
        const raw = arrived - written;
        return { raw: inMs(raw), less: inMs(raw - blocked(transactions, written, arrived)) };
    });
}

/** Share of the time in which the device was busy. */
export function busyShare({ reads, writes }) {
    const spans = [...reads, ...writes.map(([, arrived, answered]) => [arrived, answered])].sort((a, b) => a[0] - b[0]);
    const busy = spans.reduce((sum, [arrived, answered]) => sum + answered - arrived, 0);
    return busy / (spans.at(-1)[1] - spans[0][0]);
}

/** The value that `share` of all do not exceed. */
export function quantile(values, share) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
