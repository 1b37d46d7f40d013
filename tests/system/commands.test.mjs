import assert from 'node:assert/strict';

import { modbusSensors } from '../support/harness/sensors.mjs';
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
    await rejected({ type: 'reboot' }, /not supported yet/);
    await rejected({ type: 'poll', sensor: 'boiler', point: 'pump' }, /leave point out/);
    assert.deepEqual(writes(site.plant), []);
});

siteTest('a device that does not answer a write makes it fail', {}, async (site) => {
    await started(site);
    await site.rs485.order('silent 7');
    const result = await site.command({ type: 'write', sensor: 'submeter', point: 'limit', value: 100 });
    assert.equal(result.status, 'failed', JSON.stringify(result));
});

const hourly = { ...modbusSensors('200ms'), submeter: { ...modbusSensors('1h').submeter } };

siteTest('a poll brings a reading at once, though its sensor is polled once an hour', { sensors: hourly }, async (site) => {
    await started(site);
    await until('its first reading came', () => site.readings('submeter').length === 1);
    const { status, value } = await site.command({ type: 'poll', sensor: 'submeter' });
    assert.deepEqual([status, value], ['done', undefined]);
    await until('another reading came', () => site.readings('submeter').length === 2);
    await site.rs485.order('silent 7');
    const failed = await site.command({ type: 'poll', sensor: 'submeter' });
    assert.equal(failed.status, 'failed', JSON.stringify(failed));
    assert.match(failed.message, /no answer/);
});

const directWrite = (id) => ({ type: 'write', id, sensor: 'boiler', point: 'setpoint', value: 30 });

siteTest('direct frames are counted and dropped', {}, async (site) => {
    await started(site);
    await site.subscriber.client.send('sensor-42', directWrite('d-1'));
    await site.gateway.untilStatus('counted it', (status) => status.ignored_commands.direct === 1);
    assert.deepEqual(writes(site.plant), []);
});

const directAllowed = { commands: { direct: true, from: ['back*'] } };

siteTest('direct frames of named senders are commands where that is allowed', { config: directAllowed }, async (site) => {
    await started(site);
    const result = site.subscriber.resultOf('sensor-42', 'd-2', AbortSignal.timeout(15_000));
    await site.subscriber.client.send('sensor-42', directWrite('d-2'));
    assert.deepEqual(await result, { id: 'd-2', type: 'write', status: 'done', value: 30 });
    assert.deepEqual(writes(site.plant), [{ unit: 3, table: 'holding', address: 10, values: [300] }]);
});

siteTest('each command has a line in the journal that says who, what and what came of it', {}, async (site) => {
    await started(site);
    await site.command({ type: 'write', id: 'c-1', sensor: 'boiler', point: 'setpoint', value: 20 });
    await site.command({ type: 'write', id: 'c-2\nerror: faked', sensor: 'boiler', point: 'setpoint', value: 99 });
    const lines = site.gateway.log().split('\n').filter((line) => line.includes(': command '));
    assert.deepEqual(lines, [
        'notice: command c-1, write of boiler setpoint=20, from backend: done FIELDLINK_COMMAND_ID=c-1 FIELDLINK_FROM=backend FIELDLINK_SENSOR=boiler',
        'warning: command c-2?error: faked, write of boiler setpoint=99, from backend: rejected: setpoint: 99 is above max 90'
            + ' FIELDLINK_COMMAND_ID=c-2?error: faked FIELDLINK_FROM=backend FIELDLINK_SENSOR=boiler',
    ]);
});
