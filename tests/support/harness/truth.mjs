/** Compares what a subscriber received with what a slave's log says was served. Pure functions. */
import { decode, width } from './registers.mjs';

const covers = (point, entry) => entry.table === point.table && entry.address <= point.address
    && point.address + width(point) <= entry.address + entry.values.length;

/** The values that these reads served for the point. */
function served(point, reads) {
    return reads.filter((entry) => covers(point, entry)).map((entry) => {
        const offset = point.address - entry.address;
        return decode(point, entry.values.slice(offset, offset + width(point)));
    });
}

/** One unit's reads, poll by poll. A poll asks for no range twice, so a range that comes again begins the next one. */
export function polls(log, unit) {
    const groups = [];
    let ranges = new Set();
    for (const entry of log.filter((one) => one.op === 'read' && one.unit === unit)) {
        const range = `${entry.table} ${entry.address} ${entry.values.length}`;
        if (groups.length === 0 || ranges.has(range)) {
            groups.push([]);
            ranges = new Set();
        }
        ranges.add(range);
        groups.at(-1).push(entry);
    }
    return groups;
}

/**
 * `sensor`: `{name, unit, points: {name: {table, address, type, order, scale}}}`; its first point must be an input, whose
 * value is another at each read and so tells which poll a reading came from. All other points must then have what was
 * served in that same poll. Returns what is wrong, how many polls were served and how many of them were received.
 */
export function compare(sensor, readings, log) {
    const [anchorName, anchor] = Object.entries(sensor.points)[0];
    const groups = polls(log, sensor.unit).filter((group) => served(anchor, group).length > 0);
    const faults = [];
    let next = 0;
    let matched = 0;
    for (const reading of readings.filter((one) => one.values !== undefined)) {
        const value = reading.values[anchorName];
        const found = indexFrom(groups, next, (group) => served(anchor, group).includes(value));
        if (found < 0) {
            faults.push(`${sensor.name}: ${anchorName} = ${value} at ${reading.ts} was never served`);
            continue;
        }
        faults.push(...wrongPoints(sensor, reading, groups[found]));
        next = found + 1;
        matched += 1;
    }
    return { faults, served: groups.length, matched };
}

function indexFrom(list, from, matches) {
    for (let i = from; i < list.length; ++i) if (matches(list[i])) return i;
    return -1;
}

const digits = (number) => String(number).replace(/e.*|\D/g, '').replace(/^0+|0+$/g, '').length;

/** Half-way between two decimals of the fewest digits, a float reads back from both: -1637177.25 from ….2 and ….3. */
function isSame({ type }, value, served) {
    if (value === served) return true;
    const isFloat = type === 'f32' && typeof value === 'number';
    return isFloat && Math.fround(value) === Math.fround(served) && digits(value) === digits(served);
}

function wrongPoints({ name, points }, reading, reads) {
    const faults = [];
    for (const [pointName, point] of Object.entries(points)) {
        const value = reading.values[pointName];
        const values = served(point, reads);
        if (!values.some((one) => isSame(point, value, one))) {
            faults.push(`${name}.${pointName} at ${reading.ts}: received ${value}, served ${values.join(' or ')}`);
        }
    }
    const unknown = Object.keys(reading.values).filter((key) => !Object.hasOwn(points, key));
    return unknown.length > 0 ? [...faults, `${name}: points nobody asked for: ${unknown.join(', ')}`] : faults;
}
