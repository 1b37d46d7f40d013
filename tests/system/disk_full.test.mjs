/**
 * A disk that something else has filled to the last byte, and an outage in which ten times what the outbox can hold is
 * read. Each policy gives up what it says, and nothing without a record of it.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { assertBalanced } from '../support/harness/accounting.mjs';
import { loadSensors } from '../support/harness/sensors.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { SizeWatch } from '../support/harness/size_watch.mjs';
import { until } from '../support/harness/until.mjs';

const isLong = process.env.FIELDLINK_LONG !== undefined;
const mebibytes = isLong ? 4 : 1;
const outage = isLong ? 600_000 : 0;  // at least; it ends when ten times the outbox was read
const sensors = loadSensors({ count: 10, every: '50ms' });

const loadReadings = (status) => Object.entries(status.sensors)
    .filter(([name]) => name.startsWith('load')).reduce((sum, [, { polls }]) => sum + polls, 0);

/** Until ten times of what the outbox can hold was read, the gateway lives, answers, and its books balance. */
async function overflow(site) {
    const { pid } = site.gateway.child;
    const before = loadReadings(await site.gateway.status());
    const from = Date.now();
    let capacity;  // in readings: what is owed when the first one is given up
    await site.gateway.watch('has read ten times what the outbox can hold', (status) => {
        assertBalanced(status);
        if (status.outbox.dropped_readings > 0) capacity ??= status.outbox.owed_readings;
        return loadReadings(status) - before >= 10 * capacity && Date.now() - from >= outage;
    }, { within: outage + 240_000, every: 500 });
    assert.equal(site.gateway.child.pid, pid);
    return { from, to: Date.now() };
}

/** How many readings of the sensor in each of `parts` equal parts of the outage were received. */
function kept(site, sensor, { from, to }, parts) {
    const counts = new Array(parts).fill(0);
    const inside = site.readings(sensor).filter(({ ts }) => ts >= from && ts < to);
    for (const { ts } of inside) counts[Math.floor(((ts - from) / (to - from)) * parts)] += 1;
    return counts;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** What is left of the outage is what the policy says. The outbox holds a tenth of it. `counts` are of load0. */
const assertions = {
    drop_oldest(counts) {
        assert.equal(sum(counts(50).slice(5, 25)), 0, `the first half of the outage was given up: ${counts(50)}`);
        assert.ok(counts(50)[49] > 0, `its end is there: ${counts(50)}`);
    },
    drop_newest(counts) {
        assert.ok(counts(50)[0] > 0, `the beginning of the outage is there: ${counts(50)}`);
        assert.equal(sum(counts(50).slice(25, 45)), 0, `the second half was given up: ${counts(50)}`);
    },
    thin_evenly(counts, slow) {
        const tenths = counts(10);
        assert.ok(Math.min(...tenths) > 0, `every tenth of the outage is there: ${tenths}`);
        assert.ok(Math.max(...tenths) <= 4 * Math.min(...tenths), `evenly: ${tenths}`);
        assert.ok(Math.min(...slow(2)) > 0, `a sensor that is read seldom does not vanish: ${slow(2)}`);
    },
};

function fullDiskTest(policy) {
    siteTest(`${policy}: a full disk and ten times the outbox end nothing and lose nothing silently`, {
        timeout: outage + 400_000,
        slaves: false,
        sensors,
        disk: { mebibytes: 32 },
        config: {
            outbox: { max_size: `${mebibytes}MiB`, when_full: policy },
            batch: { max_age: '250ms', max_bytes: '8KiB' },
        },
    }, async (site, t) => {
        const maxBytes = mebibytes * 1024 * 1024;
        const watch = new SizeWatch(site.gateway.outboxPath);
        try {
            site.gateway.start();
            await site.gateway.connected();
            await until('readings', () => site.readings('load0').length > 0);
            site.disk.fill();
            assert.equal(site.disk.freeBytes, 0, 'the disk is full');
            site.cutLink(3_600_000);
            const span = await overflow(site);

            site.disk.empty();
            site.restoreLink();
            await site.gateway.connected(60_000);
            await site.gateway.untilStatus('has its storage back', ({ storage }) => storage.state === 'ok');
            assertBalanced(await site.gateway.drained(120_000));
            const counts = await site.end();

            site.assertWhole(counts.last_seq);
            site.assertAccounted(counts);
            assert.ok(counts.dropped_readings > 0, 'nothing had to be dropped: the test proves nothing');
            assertions[policy]((parts) => kept(site, 'load0', span, parts), (parts) => kept(site, 'slow', span, parts));
            const seconds = Math.round((span.to - span.from) / 1000);
            t.diagnostic(`${counts.read_readings} readings in ${seconds} s, ${counts.dropped_readings} dropped, `
                + `${site.gaps.length} gap records; at most ${watch.largest} bytes in ${watch.samples} looks`);
        } finally {
            watch.stop();
        }
        assert.ok(watch.samples > 100, `${watch.samples} looks at the size`);
        assert.ok(watch.largest <= maxBytes, `${watch.largest} bytes on disk, ${maxBytes} allowed`);
    });
}

describe('a full disk', { concurrency: 3 }, () => ['drop_oldest', 'drop_newest', 'thin_evenly'].forEach(fullDiskTest));
