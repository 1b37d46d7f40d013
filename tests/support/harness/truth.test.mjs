import assert from 'node:assert/strict';
import test from 'node:test';

import { decode } from './registers.mjs';
import { compare } from './truth.mjs';

const boiler = {
    name: 'boiler',
    unit: 3,
    points: {
        temperature: { table: 'input', address: 0, type: 's16', scale: '0.1' },
        pump: { table: 'coil', address: 4 },
    },
};
const read = (table, address, ...values) => ({ op: 'read', unit: 3, table, address, values });
const log = [read('input', 0, 715), read('coil', 4, 1), read('input', 0, 716), read('coil', 4, 0)];
const reading = (temperature, pump) => ({ sensor: 'boiler', ts: 0, values: { temperature, pump } });

test('readings that equal what was served have no faults', () => {
    const { faults, served, matched } = compare(boiler, [reading(71.5, true), reading(71.6, false)], log);
    assert.deepEqual({ faults, served, matched }, { faults: [], served: 2, matched: 2 });
});

test('a value that was never served is a fault', () => {
    assert.match(compare(boiler, [reading(71.7, true)], log).faults.join(), /never served/);
});

test('a value of another poll is a fault', () => {
    const late = [...log, read('input', 0, 717), read('coil', 4, 1)];
    assert.match(compare(boiler, [reading(71.5, true), reading(71.7, false)], late).faults.join(), /boiler.pump/);
});

test('a poll that did not arrive shows in the counts', () => {
    const { served, matched } = compare(boiler, [reading(71.6, false)], log);
    assert.deepEqual([served, matched], [2, 1]);
});

test('registers are decoded by type, order and scale', () => {
    const at = { table: 'input', address: 0 };
    assert.equal(decode({ ...at, type: 's16', scale: '0.1' }, [65321]), -21.5);
    assert.equal(decode({ ...at, type: 'u32', order: 'CDAB' }, [0x0002, 0x0001]), 65538);
    assert.equal(decode({ ...at, type: 's32', order: 'DCBA' }, [0xfeff, 0xffff]), -2);
    assert.equal(decode({ ...at, type: 'u32', order: 'BADC' }, [0x0100, 0x0200]), 65538);
    assert.equal(decode({ ...at, type: 'f32' }, [0x3dcc, 0xcccd]), 0.1);
    assert.equal(decode({ ...at, type: 'u64' }, [0xffff, 0xffff, 0xffff, 0xffff]), '18446744073709551615');
    assert.equal(decode({ ...at, type: 'u64' }, [0, 0, 0, 7]), 7);
});

test('a float that lies half-way between two shortest decimals may be either, and nothing longer', () => {
    const meter = { name: 'meter', unit: 3, points: {
        count: { table: 'input', address: 0 }, flow: { table: 'input', address: 10, type: 'f32' },
    } };
    const bits = new DataView(new ArrayBuffer(4));
    bits.setFloat32(0, -1637177.25);
    const words = [bits.getUint16(0), bits.getUint16(2)];
    const served = [{ ...read('input', 0, 1) }, { ...read('input', 10), values: words }];
    const faults = (flow) => compare(meter, [{ ts: 1, values: { count: 1, flow } }], served).faults;
    assert.deepEqual(faults(-1637177.2), []);
    assert.deepEqual(faults(-1637177.3), []);
    assert.match(faults(-1637177.25).join(), /meter.flow/);
    assert.match(faults(-1637177.4).join(), /meter.flow/);
});
