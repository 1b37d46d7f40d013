import assert from 'node:assert/strict';

import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

const telemetry = 'fleet/sensor-42/telemetry';

/** Every publish of telemetry that the service takes, from now on, as the numbers of the messages in it. */
function watchPublishes(site) {
    const publishes = [];
    site.cloud.on('publish', ({ channel, data }) => {
        if (channel === telemetry) publishes.push((data.messages ?? [data]).map(({ seq }) => seq));
    });
    return publishes;
}

const everySoOften = { every: '50ms', config: { batch: { max_age: '50ms' } } };

/** An outage that lasts until the gateway owes a backlog; returns how many messages that is. */
async function outage(site) {
    await site.gateway.connected();
    await until('readings', () => site.readings('boiler').length >= 5);
    site.cutLink(600_000);
    const { outbox } = await site.gateway.untilStatus('owes a backlog', (status) => status.outbox.owed_messages >= 150);
    return outbox.owed_messages;
}

/** Ends the outage and waits until nothing is missing. */
async function afterOutage(site) {
    site.cutLink(1); // a new cut takes the place of the long one
    await site.gateway.connected();
    const committed = await site.finish();
    site.assertWhole(committed.at(-1).seq);
    site.assertReceivedAll(committed);
}

siteTest('the backlog of an outage comes in a few full frames', everySoOften, async (site, t) => {
    site.gateway.start();
    const owed = await outage(site);
    const publishes = watchPublishes(site);
    await afterOutage(site);

    const end = Math.min(...publishes.flat()) + owed;
    const frames = publishes.filter((seqs) => seqs.some((seq) => seq < end));
    const messages = frames.flat().length;
    assert.ok(messages >= 150, `only ${messages} messages came of the backlog: the test proves little`);
    assert.ok(frames.length * 20 <= messages, `${messages} messages of the backlog took ${frames.length} frames`);
    const { largestFrame } = site.cloud.counters.of('sensor-42');
    t.diagnostic(`${messages} messages of the backlog in ${frames.length} frames, the largest of ${largestFrame} bytes`);
});

siteTest('a service that refuses shared publishes gets each message alone', everySoOften, async (site) => {
    const refused = { at: 'publish', do: 'error', code: 'malformed_message', contains: '"messages":[', times: null };
    const order = site.cloud.faults.order({ ...refused, only: 'sensor-42' });
    site.gateway.start();
    await outage(site);
    const publishes = watchPublishes(site);
    await afterOutage(site);

    assert.ok(order.hits > 0, 'nothing was shared: the test proves nothing');
    assert.deepEqual(publishes.filter((seqs) => seqs.length > 1), []);
    assert.ok(publishes.length >= 150, `only ${publishes.length} messages came: the test proves little`);
});
