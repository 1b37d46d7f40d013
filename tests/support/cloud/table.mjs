/**
 * The fleet at a glance: one row a sensor with its values, their age and its state. On a terminal it is redrawn in
 * place; elsewhere a row is printed as a plain line when it is new, changes its state, or once every `plainEveryMs`.
 */

const staleAfterMs = 15000;

/** What the subscriber has told about each sensor. Pure: time is an argument, Unix ms. */
export class FleetView {
    constructor() {
        this.sensors = new Map();
    }

    /** Takes new readings of one gateway; an older one, as a backlog brings it, does not replace a newer. */
    take(gateway, readings) {
        for (const reading of readings) {
            const key = `${gateway}/${reading.sensor}`;
            const known = this.sensors.get(key) ?? blankRow(gateway, reading.sensor);
            known.count += 1;
            this.sensors.set(key, reading.ts < known.heardAt ? known : newer(known, reading));
        }
    }

    /** Rows in the order of names. */
    rows(now) {
        const sorted = [...this.sensors.values()].sort(
            (a, b) => compareText(a.gateway, b.gateway) || compareText(a.sensor, b.sensor),
        );
        return sorted.map((known) => ({
            gateway: known.gateway,
            sensor: known.sensor,
            values: describeValues(known),
            age: describeAge(now - known.ts),
            state: stateOf(known, now),
            readings: known.count,
        }));
    }
}

const compareText = (a, b) => (a < b ? -1 : Number(a > b));

/** `heardAt` is the time of the last reading of any kind, `ts` that of the last good one. */
function blankRow(gateway, sensor) {
    return { gateway, sensor, heardAt: -Infinity, ts: -Infinity, values: {}, errors: {}, count: 0 };
}

/** A failing sensor keeps its last values in the row: they are shown with their age, not as current. */
function newer(known, { ts, values, errors, error }) {
    if (error) return { ...known, heardAt: ts, error };
    return {
        ...known,
        heardAt: ts,
        ts,
        values: { ...known.values, ...values },
        errors: errors ?? {},
        error: undefined,
    };
}

function stateOf({ error, errors, ts }, now) {
    if (error) return `failing: ${error.code}`;
    const bad = Object.keys(errors);
    if (bad.length > 0) return `point failing: ${bad.join(', ')}`;
    return now - ts > staleAfterMs ? 'stale' : 'ok';
}

function describeValues({ values, errors }) {
    const good = Object.entries(values)
        .filter(([point]) => !(point in errors))
        .map(([point, value]) => `${point} ${value}`);
    const bad = Object.entries(errors).map(([point, { code }]) => `${point} (${code})`);
    return [...good, ...bad].join('  ');
}

function describeAge(ms) {
    if (!Number.isFinite(ms)) return '-';
    const seconds = Math.max(0, ms) / 1000;
    if (seconds < 60) return `${seconds.toFixed(1)} s`;
    return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

/** Values come from the network: what would move the cursor must not reach the terminal. */
const printable = (text) => String(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');

/** The table as lines of at most `width` characters. */
export function renderTable(rows, width) {
    const columns = ['gateway', 'sensor', 'age', 'state', 'values'];
    const cells = [
        columns.map((name) => name.toUpperCase()),
        ...rows.map((row) => columns.map((name) => printable(row[name]))),
    ];
    const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
    return cells.map((line) =>
        line
            .map((text, i) => text.padEnd(widths[i]))
            .join('  ')
            .trimEnd()
            .slice(0, width),
    );
}

/** One line of totals. */
export function renderTotals(subscriber) {
    const ledgers = [...subscriber.gateways.values()];
    const sum = (name) => ledgers.reduce((total, ledger) => total + ledger[name], 0);
    const counts = `${sum('messages')} messages, ${sum('readings')} readings, ${sum('duplicates')} duplicates removed`;
    return `${ledgers.length} gateways, ${counts}`;
}

export class FleetTable {
    /** Draws what `subscriber` receives to `stream`. `note` may be set to a line that is shown below it. */
    constructor({ subscriber, stream = process.stdout, everyMs = 500, plainEveryMs = 10000, now = Date.now }) {
        Object.assign(this, { subscriber, stream, everyMs, plainEveryMs, now, note: '' });
        this.view = new FleetView();
        this.printed = new Map();
        this.linesDrawn = 0;
        this.onReadings = (gateway, readings) => this.view.take(gateway, readings);
    }

    start() {
        this.subscriber.on('readings', this.onReadings);
        this.timer = setInterval(() => this.draw(), this.everyMs);
        return this;
    }

    /** Draws a last time. */
    stop() {
        clearInterval(this.timer);
        this.subscriber.off('readings', this.onReadings);
        this.draw();
    }

    draw() {
        const rows = this.view.rows(this.now());
        if (this.stream.isTTY) this.redraw(rows);
        else this.printChanges(rows);
    }

    redraw(rows) {
        const totals = [renderTotals(this.subscriber), this.note].filter((line) => line !== '');
        const lines = [...renderTable(rows, this.stream.columns ?? 80), '', ...totals];
        const up = this.linesDrawn > 0 ? `\u001b[${this.linesDrawn}A` : '';
        this.stream.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}\u001b[0J`);
        this.linesDrawn = lines.length;
    }

    printChanges(rows) {
        for (const { gateway, sensor, state, age, values } of rows) {
            const key = `${gateway}/${sensor}`;
            const before = this.printed.get(key);
            const now = this.now();
            if (before && before.state === state && now - before.at < this.plainEveryMs) continue;
            this.printed.set(key, { state, at: now });
            this.stream.write(`${printable(key)}: ${printable(state)}, age ${age}: ${printable(values)}\n`);
        }
    }
}
