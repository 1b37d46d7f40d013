/** What is read in both turns: 20 slaves of 50 neighbouring input registers, ten times a second, over one connection. */
export const load = { units: 20, registers: 50, periodMs: 100 };

/** Every second point is scaled, as in a real device map. */
function points() {
    const names = Array.from({ length: load.registers }, (_, address) => [`point${address}`, address]);
    return Object.fromEntries(names.map(
        ([name, address]) => [name, { input: address, ...(address % 2 === 1 ? { scale: 0.1 } : {}) }]));
}

function sensors() {
    const units = Array.from({ length: load.units }, (_, index) => index + 1);
    const every = `${load.periodMs}ms`;
    return Object.fromEntries(units.map((unit) => [`meter${unit}`, { bus: 'plant', unit, every, points: points() }]));
}

/** fieldlink.yaml as plain values; everything that is not about the load has its default. */
export function gatewayConfig({ id, url, slave }) {
    return {
        gateway: { id },
        uplink: {
            url,
            auth: { api_key: { env: 'FIELDLINK_BENCH_KEY' } },
            channels: {
                telemetry: 'fleet/{gateway}/telemetry', commands: 'fleet/{gateway}/cmd', results: 'fleet/{gateway}/cmd/result',
            },
            reconnect: { per_minute: 60 },
        },
        buses: { plant: { driver: 'modbus', tcp: slave } },
        sensors: sensors(),
    };
}
