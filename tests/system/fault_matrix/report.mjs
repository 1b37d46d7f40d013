/** The matrix as a person reads it. */

const inSeconds = (ms) => (ms === undefined ? '-' : (ms / 1000).toFixed(1));

/** Columns by the widest cell; all but the first and the last to the right. */
function tabulate(lines) {
    const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
    const last = widths.length - 1;
    const align = (cell, i) => (i === 0 ? cell.padEnd(widths[i]) : i === last ? cell : cell.padStart(widths[i]));
    return lines.map((line) => line.map(align).join('  ').trimEnd()).join('\n');
}

/** One line a row; the limit is what is documented, to which `slack` is added. */
export function renderMatrix(results) {
    const lines = results.map(({ row, took, attempts, duplicates, problems }) => [
        row.name, inSeconds(took), inSeconds(row.within), String(attempts ?? '-'), String(duplicates ?? '-'),
        problems.length === 0 ? 'ok' : `FAILED: ${problems[0].split('\n')[0].slice(0, 160)}`]);
    const failed = results.filter(({ problems }) => problems.length > 0).length;
    const head = ['row', 'seconds', 'limit', 'connects', 'duplicates', 'verdict'];
    return `${tabulate([head, ...lines])}\n\n${results.length} rows, ${results.length - failed} ok, ${failed} failed`;
}
