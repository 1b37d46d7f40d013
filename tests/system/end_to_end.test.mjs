import assert from 'node:assert/strict';

import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

/** The counter rises by one at each poll: every value must be there, once. */
function assertCounterIsWhole(readings) {
    const counts = readings.map((reading) => reading.values.count);
    assert.deepEqual(counts, counts.map((_, i) => counts[0] + i));
}

siteTest('every value that reaches the subscriber is the one the device served', { auth: 'provision' }, async (site) => {
    site.gateway.start();
    await site.gateway.connected();
    const names = Object.keys(site.sensors);
    await until('40 readings of each sensor', () => names.every((name) => site.readings(name).length >= 40), { within: 60_000 });
    const committed = await site.finish();

    for (const [name, { faults, served, matched }] of Object.entries(site.compareWithSlaves())) {
        assert.deepEqual(faults, [], name);
        assert.equal(matched, served, `${name}: a poll that the device answered did not arrive`);
    }
    assertCounterIsWhole(site.readings('simulated'));
    assert.deepEqual(site.readings('boiler').filter((reading) => reading.error), []);
    site.assertWhole(committed.at(-1).seq);
    site.assertReceivedAll(committed);
});

siteTest('a device that falls silent is reported once, costs the others nothing, and comes back', {}, async (site) => {
    site.gateway.start();
    await until('readings of the boiler', () => site.readings('boiler').length >= 5);
    await site.plant.order('silent 3');
    await until('the error', () => site.readings('boiler').some((reading) => reading.error?.code === 'timeout'));
    const tank = site.readings('tank').length;
    await until('the tank goes on', () => site.readings('tank').length >= tank + 10);
    await site.plant.order('ok');
    await until('the boiler is back', () => site.readings('boiler').at(-1).values !== undefined);

    const committed = await site.finish();
    assert.equal(site.readings('boiler').filter((reading) => reading.error).length, 1);
    for (const { faults } of Object.values(site.compareWithSlaves())) assert.deepEqual(faults, []);
    site.assertWhole(committed.at(-1).seq);
});

siteTest('a bad address among good ones is an error of that point alone', {}, async (site) => {
    await site.plant.order('exception 2 coil 1 2');
    site.gateway.start();
    await until('readings of the tank', () => site.readings('tank').length >= 5);
    const { values, errors } = site.readings('tank').at(-1);
    assert.deepEqual(Object.keys(values), ['level', 'volume']);
    assert.equal(errors.valve.code, 'illegal_address');
});
