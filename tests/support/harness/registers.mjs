/** Register values as fieldlink publishes them, worked out here by an own reading of design §5. Pure functions. */

const words = { u16: 1, s16: 1, u32: 2, s32: 2, f32: 2, u64: 4, s64: 4 };
const isBit = (point) => point.table === 'coil' || point.table === 'discrete';

/** How many addresses a point takes. */
export const width = (point) => (isBit(point) ? 1 : words[point.type ?? 'u16']);

/** The bytes in the order of the most significant first. `order` names the bytes of a 32-bit value as they come. */
function bigEndian(registers, order) {
    const list = order === 'CDAB' || order === 'DCBA' ? [...registers].reverse() : registers;
    const swap = order === 'BADC' || order === 'DCBA';
    return list.flatMap((word) => (swap ? [word & 0xff, word >> 8] : [word >> 8, word & 0xff]));
}

/**
 * The JSON value that a point `{table, type, order, scale}` of these registers has: exact decimals, the shortest decimal
 * of an unscaled f32, 64-bit values beyond 2^53 as text. `scale` is a power of ten as text, e.g. `0.1`.
 */
export function decode(point, registers) {
    if (isBit(point)) return registers[0] === 1;
    const type = point.type ?? 'u16';
    const view = new DataView(Uint8Array.from(bigEndian(registers, point.order ?? 'ABCD')).buffer);
    if (type === 'f32') return shortest(view.getFloat32(0));
    const bits = view.byteLength * 8;
    const unsigned = BigInt(`0x${[...new Uint8Array(view.buffer)].map((b) => b.toString(16).padStart(2, '0')).join('')}`);
    const raw = type.startsWith('s') ? BigInt.asIntN(bits, unsigned) : unsigned;
    if (point.scale !== undefined) return Number(`${raw}e${exponent(point.scale)}`);
    const safe = raw >= -BigInt(Number.MAX_SAFE_INTEGER) && raw <= BigInt(Number.MAX_SAFE_INTEGER);
    return safe ? Number(raw) : String(raw);
}

function exponent(scale) {
    const found = /^0\.(0*)1$/.exec(scale);
    if (!found) throw new Error(`scale ${scale} is not one of 0.1, 0.01, …`);
    return -(found[1].length + 1);
}

/** The number with the fewest digits that is this float; NaN and infinities have no value. */
function shortest(float) {
    if (!Number.isFinite(float)) return undefined;
    for (let digits = 1; digits <= 9; ++digits) {
        const number = Number(float.toPrecision(digits));
        if (Math.fround(number) === float) return number;
    }
    return float;
}
