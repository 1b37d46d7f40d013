/** The figures of all turns as one table. Pure functions, but for printTable. */

const sorted = (values) => [...values].sort((a, b) => a - b);
export const median = (values) => {
    const list = sorted(values);
    const middle = Math.floor(list.length / 2);
    return list.length % 2 === 1 ? list[middle] : (list[middle - 1] + list[middle]) / 2;
};
const least = (values) => Math.min(...values);

const us = (ns) => `${(ns / 1000).toFixed(3)} us`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const cpuOf = (turns) => turns.map(({ nsPerPoint }) => nsPerPoint);

/** `figure`, `measured`, and where there is an aim: `aim` and how it compares, `ratio`. */
const row = (figure, measured, aim = '', ratio = '') => ({ figure, measured, aim, ratio });

function cpuRows({ gateway, bare }) {
    const rounds = gateway.map((turn, index) => turn.nsPerPoint / bare[index].nsPerPoint);
    const [ours, theirs] = [cpuOf(gateway), cpuOf(bare)];
    return [
        row('CPU a point, bare libmodbus loop (median)', us(median(theirs))),
        row('CPU a point, whole gateway (median)', us(median(ours)), '<= 2 x bare', `${median(rounds).toFixed(2)} x`),
        row('the same, least of all turns', `${us(least(ours))} : ${us(least(theirs))}`, '<= 2 x bare',
            `${(least(ours) / least(theirs)).toFixed(2)} x`),
    ];
}

/** `turns`: {gateway: […], bare: […]} in the order of the rounds. */
export function gatewayRows(turns) {
    const each = (field) => turns.gateway.map((turn) => turn[field]);
    const most = (field) => Math.max(...each(field));
    const sum = (field) => each(field).reduce((a, b) => a + b, 0);
    const polls = `${sum('missed')} missed, ${sum('failed')} failed of ${sum('polls')}`;
    return [
        ...cpuRows(turns),
        row('private memory, RssAnon (most)', megabytes(most('rssAnon')), '<= 10 MB', `${(most('rssAnon') / 10e6).toFixed(2)} x`),
        row('resident memory, VmRSS (most)', megabytes(most('rss'))),
        row('bytes written to disk a byte published', (sum('written') / sum('published')).toFixed(2)),
        row('polls of the gateway', polls, '0 missed'),
    ];
}

/** From the lines of append_bench. */
export function appendRows(lines) {
    const compared = /^append +(\d+ bytes of \w+): outbox +(\d+)\/s, bare loop +(\d+)\/s, ratio ([\d.]+)/;
    const wear = /^(bytes written per byte of published JSON.*): ([\d.]+) \(limit ([\d.]+)\); by its device:? (.*)$/;
    const rows = lines.flatMap((line) => {
        const append = compared.exec(line);
        if (append) {
            const [, bytes, ours, bare, ratio] = append;
            return [row(`appends of ${bytes}, outbox : bare SQLite`, `${ours}/s : ${bare}/s`, '>= 0.9 x bare', `${ratio} x`)];
        }
        const written = wear.exec(line);
        return written ? [row(written[1], `${written[2]}, by its device ${written[4]}`, `<= ${written[3]}`)] : [];
    });
    if (rows.length < 2) throw new Error(`append_bench printed something else: ${lines.join('\n')}`);
    return rows;
}

/** Where the gateway's time goes. */
export function threadLines(gateway) {
    const names = Object.keys(gateway[0].byThread);
    const share = (name) => median(gateway.map((turn) => turn.byThread[name] / turn.cpuNs));
    const perPoint = median(cpuOf(gateway));
    const lines = names.map((name) => `  ${name.padEnd(16)} ${us(perPoint * share(name)).padStart(10)} a point`);
    const user = median(gateway.map(({ userShare }) => userShare));
    return ['the gateway by thread (median share):', ...lines, `  in user space: ${(100 * user).toFixed(0)} %`];
}

/** How far apart the turns were: what the figures above are worth. */
export function noiseLines({ gateway, bare }) {
    const spread = (turns) => sorted(cpuOf(turns)).map((ns) => (ns / 1000).toFixed(3)).join(' ');
    return ['all turns, us a point, sorted:', `  gateway ${spread(gateway)}`, `  bare    ${spread(bare)}`,
        `  cycles the bare loop was late for: ${bare.reduce((sum, { late }) => sum + late, 0)}`];
}

/** The columns are the fields of the first row. */
export function printTable(rows) {
    const head = Object.fromEntries(Object.keys(rows[0]).map((column) => [column, column]));
    const width = (column) => Math.max(...[head, ...rows].map((line) => line[column].length));
    const columns = Object.keys(head).map((column) => [column, width(column)]);
    for (const line of [head, ...rows]) {
        process.stdout.write(`${columns.map(([column, wide]) => line[column].padEnd(wide)).join('  ').trimEnd()}\n`);
    }
}
