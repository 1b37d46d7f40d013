import assert from 'node:assert/strict';
import test from 'node:test';

import { toYaml } from './yaml.mjs';

test('maps that hold maps are blocks, the innermost stand on one line', () => {
    const value = { batch: { max_age: '1s' }, buses: { plant: { driver: 'modbus', tcp: '127.0.0.1:502' } }, none: undefined };
    assert.equal(toYaml(value), 'batch: {max_age: 1s}\nbuses:\n  plant: {driver: modbus, tcp: "127.0.0.1:502"}\n');
});

test('a text that YAML would read as something else is quoted', () => {
    assert.equal(toYaml({ a: { b: 'no', c: '12', d: 'fleet/{gateway}/cmd', e: true, f: 0.1 } }),
        'a: {b: "no", c: "12", d: "fleet/{gateway}/cmd", e: true, f: 0.1}\n');
});
