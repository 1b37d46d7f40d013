/** A person on site: what fieldlinkctl has a device do, and what a scraper gets, on the real daemon. */
import assert from 'node:assert/strict';

import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

const writes = (slave) => slave.log().filter((entry) => entry.op === 'write').map(({ values }) => values);

async function started(site) {
    site.gateway.start();
    await site.gateway.connected();
}

const nobodyAfar = { commands: { allow: [], from: ['nobody'] } };

siteTest('fieldlinkctl writes and reads a device though nobody from afar may', { config: nobodyAfar }, async (site) => {
    await started(site);
    const { gateway } = site;
    const afarSaw = [];
    site.subscriber.on('result', (_, result) => afarSaw.push(result.status));
    const written = await gateway.ctl('write', 'boiler', 'setpoint', '60.5');
    assert.deepEqual([written.code, written.stdout], [0, 'setpoint = 60.5 (read back)\n'], written.stderr);
    assert.deepEqual(writes(site.plant), [[605]]);
    const read = await gateway.ctl('read', 'boiler', 'setpoint');
    assert.deepEqual([read.code, read.stdout], [0, '60.5\n'], read.stderr);

    const tooHigh = await gateway.ctl('write', 'boiler', 'setpoint', '90.1');
    assert.equal(tooHigh.code, 1);
    assert.match(tooHigh.stderr, /rejected: .*90\.1 is above max 90/);
    const misspelt = await gateway.ctl('read', 'boyler');
    assert.equal(misspelt.code, 1);
    assert.match(misspelt.stderr, /there is no sensor boyler/);
    assert.deepEqual(writes(site.plant), [[605]]);

    const afar = await site.command({ type: 'write', sensor: 'boiler', point: 'setpoint', value: 20 });
    assert.equal(afar.status, 'rejected', JSON.stringify(afar));
    assert.deepEqual([...new Set(afarSaw)], ['rejected'], 'the results of a person on site are his alone');
    assert.match(gateway.log(), /command write of boiler setpoint=60\.5, from local:\w+: done/);
});

siteTest('names are completed from the daemon, and without one there are none', {}, async (site) => {
    await started(site);
    await until('a reading of the boiler came', () => site.readings('boiler').length > 0);
    assert.deepEqual((await site.gateway.ctl('complete', 'sensors')).stdout.trim().split('\n'), Object.keys(site.sensors).sort());
    assert.match((await site.gateway.ctl('complete', 'points', 'boiler')).stdout, /^setpoint$/m);
    await site.gateway.terminate();
    const without = await site.gateway.ctl('complete', 'sensors');
    assert.deepEqual([without.code, without.stdout, without.stderr], [0, '', '']);
});

siteTest('a replay by command brings delivered messages again, marked, and nothing else', {}, async (site) => {
    await started(site);
    await until('some messages came', () => site.ledger.entries.size >= 5);
    await site.gateway.drained();
    const again = [];
    site.subscriber.on('arrival', (_, message) => { if (message.replayed) again.push(message.seq); });
    const result = await site.command({ type: 'replay', from_seq: 2, to_seq: 4 }, { repeatMs: 60_000 });
    assert.equal(result.status, 'done', JSON.stringify(result));
    assert.equal(result.value.messages, 3);
    await until('they came again', () => again.length >= 3);
    assert.deepEqual([...new Set(again)].sort(), [2, 3, 4]);
});
