/** Writes plain values as the YAML that an operator would write. Pure. */

const plain = /^[A-Za-z0-9_./][A-Za-z0-9_./-]*$/;
const looksLikeAnother = /^(true|false|null|yes|no|on|off|~|[-+.0-9][-+.0-9eE_]*)$/i;

const scalar = (value) => (typeof value !== 'string' || (plain.test(value) && !looksLikeAnother.test(value))
    ? String(value) : JSON.stringify(value));

const isMap = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** One line, `{a: 1, b: [2]}`. */
function flow(value) {
    if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
    if (!isMap(value)) return scalar(value);
    return `{${Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`).join(', ')}}`;
}

/** Block style down to the maps that hold no map, which go on one line. Keys that are undefined are left out. */
export function toYaml(value, indent = '') {
    return Object.entries(value).filter(([, inner]) => inner !== undefined).map(([key, inner]) => {
        const deep = isMap(inner) && Object.values(inner).some(isMap);
        return deep ? `${indent}${key}:\n${toYaml(inner, `${indent}  `)}` : `${indent}${key}: ${flow(inner)}\n`;
    }).join('');
}
