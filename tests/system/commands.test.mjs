import assert from 'node:assert/strict';

import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

const writes = (slave) => slave.log().filter((entry) => entry.op === 'write').map(({ t, op, ...rest }) => rest);

async function started(site) {
    site.gateway.start();
    await site.gateway.connected();
}

siteTest('a ping is answered', {}, async (site) => {
    await started(site);
    const { type, status } = await site.command({ type: 'ping' });
    assert.deepEqual({ type, status }, { type: 'ping', status: 'done' });
});

siteTest('writes reach registers and coils over TCP and RTU, and the result is what the device holds', {}, async (site) => {
    await started(site);
    const command = async (sensor, point, value) => {
        const result = await site.command({ type: 'write', sensor, point, value });
        assert.deepEqual([result.status, result.value], ['done', value], JSON.stringify(result));
    };
    await command('boiler', 'setpoint', 60.5);
    await command('boiler', 'pump', false);
    await command('meter', 'limit', 1200);
    await command('submeter', 'relay', true);

    assert.deepEqual(writes(site.plant), [
        { unit: 3, table: 'holding', address: 10, values: [605] },
        { unit: 3, table: 'coil', address: 4, values: [0] },
    ]);
    assert.deepEqual(writes(site.rs485), [
        { unit: 1, table: 'holding', address: 20, values: [1200] },
        { unit: 7, table: 'coil', address: 0, values: [1] },
    ]);
    await until('telemetry shows it', () => site.readings('boiler').at(-1)?.values.setpoint === 60.5);
});

siteTest('a read returns what the device holds', {}, async (site) => {
    await site.plant.order('set 3 holding 10 423');
    await started(site);
    const one = await site.command({ type: 'read', sensor: 'boiler', point: 'setpoint' });
    assert.deepEqual([one.status, one.value], ['done', 42.3], JSON.stringify(one));
    const all = await site.command({ type: 'read', sensor: 'submeter' });
    assert.equal(all.status, 'done', JSON.stringify(all));
    assert.deepEqual(Object.keys(all.value), ['power', 'total', 'limit', 'relay']);
});

siteTest('a command that must not be carried out is rejected and touches no device', {}, async (site) => {
    await started(site);
    const rejected = async (command, why) => {
        const result = await site.command(command);
        assert.equal(result.status, 'rejected', JSON.stringify(result));
        assert.match(result.message, why);
    };
    const write = { type: 'write', sensor: 'boiler', point: 'setpoint' };
    await rejected({ ...write, value: 90.1 }, /90/);
    await rejected({ ...write, value: 4.9 }, /5/);
    await rejected({ ...write, value: 'warm' }, /number/);
    await rejected({ ...write, point: 'temperature', value: 20 }, /temperature/);
    await rejected({ ...write, sensor: 'boyler', value: 20 }, /boyler/);
    await rejected({ type: 'open_the_pod_bay_doors' }, /./);
    await rejected({ type: 'poll', sensor: 'boiler' }, /not supported yet/);
    assert.deepEqual(writes(site.plant), []);
});

siteTest('a device that does not answer a write makes it fail', {}, async (site) => {
    await started(site);
    await site.rs485.order('silent 7');
    const result = await site.command({ type: 'write', sensor: 'submeter', point: 'limit', value: 100 });
    assert.equal(result.status, 'failed', JSON.stringify(result));
});
