/** The sensors that system tests and the demo read, and how they are written in fieldlink.yaml. */

/** Every table, type and word order that one boiler can need. Its first point tells one poll from another. */
const boilerPoints = {
    temperature: { table: 'input', address: 0, type: 's16', scale: '0.1', unit: '°C' },
    pressure: { table: 'input', address: 1, scale: '0.01', unit: 'bar' },
    energy: { table: 'input', address: 4, type: 'u32', order: 'CDAB', unit: 'kWh' },
    flow: { table: 'input', address: 6, type: 'f32' },
    outside: { table: 'input', address: 8, type: 's16', scale: '0.01', unit: '°C' },
    operating: { table: 'input', address: 9, type: 'u64' },
    alarm: { table: 'discrete', address: 2 },
    setpoint: { table: 'holding', address: 10, scale: '0.1', writable: true, min: 5, max: 90, unit: '°C' },
    pump: { table: 'coil', address: 4, writable: true },
};

const tankPoints = {
    level: { table: 'input', address: 0, unit: 'mm' },
    volume: { table: 'input', address: 2, type: 's32', order: 'DCBA' },
    valve: { table: 'coil', address: 1, writable: true },
};

const meterPoints = {
    power: { table: 'input', address: 3, scale: '0.1', unit: 'W' },
    total: { table: 'input', address: 4, type: 'u32', order: 'BADC', unit: 'kWh' },
    limit: { table: 'holding', address: 20, writable: true, min: 0, max: 3000, unit: 'W' },
    relay: { table: 'coil', address: 0, writable: true },
};

/** Two units behind a TCP gateway and two on a serial line; `every` for all. */
export const modbusSensors = (every = '200ms') => ({
    boiler: { bus: 'plant', unit: 3, every, points: boilerPoints },
    tank: { bus: 'plant', unit: 2, every, points: tankPoints },
    meter: { bus: 'rs485', unit: 1, every, points: meterPoints },
    submeter: { bus: 'rs485', unit: 7, every, points: meterPoints },
});

/** What the demo shows: values that a person can believe. */
export const demoSensors = (every) => ({
    boiler: {
        bus: 'plant', unit: 3, every,
        points: {
            temperature: { table: 'input', address: 1, type: 's16', scale: '0.01', unit: '°C' },
            pressure: { table: 'input', address: 0, scale: '0.01', unit: 'bar' },
            setpoint: { table: 'holding', address: 10, scale: '0.1', writable: true, min: 5, max: 90, unit: '°C' },
            pump: { table: 'coil', address: 5, writable: true },
        },
    },
    tank: { bus: 'plant', unit: 2, every, points: { level: { table: 'input', address: 0, unit: 'mm' } } },
    meter: { bus: 'rs485', unit: 1, every, points: { voltage: { table: 'input', address: 5, scale: '0.01', unit: 'V' } } },
    submeter: { bus: 'rs485', unit: 7, every, points: { voltage: { table: 'input', address: 5, scale: '0.01', unit: 'V' } } },
});

/** A sensor without hardware, whose counter shows each poll. */
export const simulatedSensor = (every = '200ms') => ({
    bus: 'bench', every, points: { count: { wave: 'counter' }, wave: { wave: 'sine', period: '30s', mean: 20, amplitude: 5 } },
});

/** As fieldlink.yaml has it: the table is a key and its value the address. */
function pointYaml({ table, address, scale, ...rest }) {
    if (table === undefined) return rest;
    return { [table]: address, ...rest, ...(scale === undefined ? {} : { scale: Number(scale) }) };
}

export function sensorsYaml(sensors) {
    const written = ({ points, ...rest }) => (
        { ...rest, points: Object.fromEntries(Object.entries(points).map(([name, point]) => [name, pointYaml(point)])) });
    return Object.fromEntries(Object.entries(sensors).map(([name, sensor]) => [name, written(sensor)]));
}

/** Their digits are chance, of which packing makes little less. */
const loadPoints = Object.fromEntries(Array.from({ length: 60 },
    (_, i) => [`p${i}`, { wave: 'random_walk', mean: 0, amplitude: 1e12, step: 1e9, seed: i + 1 }]));

/**
 * `count` sensors that together fill an outbox in little time and with little work: many bytes, few values. One more,
 * `slow`, is read seldom, and must not go under among them.
 */
export function loadSensors({ count, every, slow = '500ms' }) {
    const points = { count: { wave: 'counter' }, ...loadPoints };
    const names = Array.from({ length: count }, (_, i) => `load${i}`);
    return {
        ...Object.fromEntries(names.map((name) => [name, { bus: 'bench', every, points }])),
        slow: { bus: 'bench', every: slow, points: { count: { wave: 'counter' } } },
    };
}
