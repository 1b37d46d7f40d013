import assert from 'node:assert/strict';

import { decode } from '../support/harness/registers.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { polls } from '../support/harness/truth.mjs';
import { until } from '../support/harness/until.mjs';
import { WallClock } from '../support/harness/wall_clock.mjs';

const dayMs = 24 * 3_600_000;
const maxErrorMs = 2000;

/** Starts the gateway on a machine without a battery clock, a minute after it was switched on. */
function startIn1970(site) {
    const clock = new WallClock(site.directory);
    clock.setAhead(60_000 - Date.now());
    site.gateway.env = clock.env;
    site.gateway.start();
    return clock;
}

/** When the boiler really had the temperature that a reading says: each poll finds another one. */
function servedAt(site) {
    const point = site.sensors.boiler.points.temperature;
    const reads = polls(site.plant.log(), site.sensors.boiler.unit).flat().filter(
        ({ table, address }) => table === 'input' && address === point.address);
    return new Map(reads.map(({ t, values }) => [decode(point, values.slice(0, 1)), t]));
}

/** Asserts that all times are true and in order, and returns those of the boiler's readings. */
function assertTrueTimes(site) {
    const times = servedAt(site);
    const boiler = site.readings('boiler');
    for (const { ts, values } of boiler) {
        const error = ts - times.get(values.temperature);
        assert.ok(Math.abs(error) < maxErrorMs, `${ts} is ${error} ms off`);
    }
    for (const name of Object.keys(site.sensors)) {
        const ts = site.readings(name).map((reading) => reading.ts);
        assert.deepEqual(ts, [...ts].sort((a, b) => a - b), `${name} is in order`);
        assert.ok(Math.abs(ts.at(-1) - boiler.at(-1).ts) < maxErrorMs, `${name} has the boiler's time`);
    }
    return boiler.map(({ ts }) => ts);
}

const assertNothingUnsynced = (site) => {
    const marked = [...site.ledger.allReadings()].filter((reading) => 'clock' in reading);
    assert.deepEqual(marked, []);
};

const hasMore = (site, count) => {
    const before = site.readings('boiler').length;
    return until(`${count} more readings`, () => site.readings('boiler').length >= before + count);
};

siteTest('a gateway that wakes in 1970 tells true times, also of what it read before it knew', {}, async (site) => {
    const nobody = site.cloud.faults.order({ at: 'upgrade', do: 'reset', times: null });
    startIn1970(site);
    await until('it polls, and finds no service', () => nobody.hits > 0 && servedAt(site).size >= 10);
    const { clock: before } = await site.gateway.status();
    assert.deepEqual(before, { state: 'unsynced', offset_ms: null });

    const connectedAt = Date.now();
    site.cloud.faults.clear('upgrade');
    await site.gateway.connected();
    await hasMore(site, 10);
    const { clock } = await site.gateway.status();
    assert.equal(clock.state, 'service');
    assert.ok(Math.abs(clock.offset_ms + connectedAt) < 120_000, `the wall clock is ahead by ${clock.offset_ms}`);
    const committed = await site.finish();

    site.assertWhole(committed.at(-1).seq);
    site.assertReceivedAll(committed);
    assert.ok(assertTrueTimes(site)[0] < connectedAt, 'some were taken before the time was known');
    assertNothingUnsynced(site);
});

siteTest('steps of the wall clock by a day lose nothing, reorder nothing and change no time', {}, async (site) => {
    const clock = startIn1970(site);
    await site.gateway.connected();
    for (const step of [dayMs, -dayMs, -30_000, 90_000]) {
        clock.step(step);
        await hasMore(site, 5);
    }
    const committed = await site.finish();

    site.assertWhole(committed.at(-1).seq);
    site.assertReceivedAll(committed);
    assertTrueTimes(site);
    assertNothingUnsynced(site);
    for (const [name, { faults }] of Object.entries(site.compareWithSlaves())) assert.deepEqual(faults, [], name);
});

siteTest('a wall clock that was right and steps by a day is no longer believed', {}, async (site) => {
    const clock = new WallClock(site.directory);
    site.gateway.env = clock.env;
    site.gateway.start();
    await site.gateway.connected();
    for (const step of [dayMs, -2 * dayMs]) {
        clock.step(step);
        await hasMore(site, 5);
    }
    const expires = await site.command({ type: 'ping', expires: Date.now() - 5000 });
    assert.equal(expires.status, 'expired', 'by the wall clock it were in time');
    const committed = await site.finish();

    site.assertWhole(committed.at(-1).seq);
    assertTrueTimes(site);
    assertNothingUnsynced(site);
});
