/** What an operator does with the outbox: by the daemon, and on the file of one that does not run. */
import assert from 'node:assert/strict';

import { assertBalanced } from '../support/harness/accounting.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

const lines = (text) => text.trim().split(/\r?\n/);  // CSV ends its lines with both (RFC 4180)

/** Runs fieldlinkctl and returns what it wrote; anything but success is the test's failure. */
async function ctl({ gateway }, ...args) {
    const { code, stdout, stderr } = await gateway.ctl(...args);
    assert.equal(code, 0, `fieldlinkctl ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
}

/** A gateway that has delivered what it read in about two seconds. */
async function withHistory(site) {
    site.gateway.start();
    await site.gateway.connected();
    await until('readings', () => site.readings('simulated').length > 20);
    return site.gateway.drained();
}

siteTest('a replay has everything sent again under its old ids, while live readings go on', { slaves: false, sensors: {}, every: '100ms' },
    async (site, t) => {
        const before = await withHistory(site);
        const received = site.ledger.entries.size;
        const { messages } = JSON.parse(await ctl(site, 'outbox', 'replay', '--since', '1h', '--json'));
        assert.ok(messages >= received - 10, `${messages} of ${received} messages were marked`);
        const live = site.readings('simulated').length;
        await until('replayed messages', () => site.ledger.duplicates >= messages);
        await until('live readings', () => site.readings('simulated').length > live + 5);
        const after = await site.gateway.drained();
        assertBalanced(after);
        assert.equal(after.outbox.replay_owed_messages, 0);
        assert.ok(after.outbox.replayed_readings > 0);
        assert.ok(after.outbox.acked_readings >= before.outbox.acked_readings, 'replayed readings were acked again');
        assert.deepEqual(site.ledger.conflicts, []);
        const counts = await site.end();
        site.assertWhole(counts.last_seq);
        t.diagnostic(`${messages} messages replayed, ${site.ledger.duplicates} duplicates removed`);
    });

siteTest('what is exported from the running daemon is what is in its file, and what was published',
    { slaves: false, sensors: {}, every: '100ms' }, async (site) => {
        await withHistory(site);
        const online = lines(await ctl(site, 'outbox', 'export', '--until', String(Date.now()))).map((line) => JSON.parse(line));
        await site.end();
        const file = ['--outbox', site.gateway.outboxPath];
        const offline = lines(await ctl(site, 'outbox', 'export', ...file)).map((line) => JSON.parse(line));
        const byId = new Map(offline.map((message) => [message.messageId, message]));
        for (const message of online) assert.deepEqual(byId.get(message.messageId)?.readings, message.readings);
        assert.deepEqual(new Set(offline.map(({ messageId }) => messageId)),
            new Set([...site.ledger.entries.values()].flatMap(({ ids }) => [...ids])));

        const [head, ...rows] = lines(await ctl(site, 'outbox', 'export', ...file, '--format', 'csv'));
        assert.equal(head, 'ts,sensor,point,value,error,messageId');
        const values = offline.flatMap(({ readings = [] }) => readings.flatMap(({ values: some = {} }) => Object.keys(some)));
        assert.equal(rows.length, values.length);

        const { seq, messageId } = offline.find(({ readings }) => readings);
        const shown = JSON.parse(await ctl(site, 'outbox', 'show', String(seq), ...file));
        assert.equal(shown.message.messageId, messageId);
        const stats = JSON.parse(await ctl(site, 'outbox', 'stats', ...file, '--json'));
        assertBalanced({ outbox: stats });
    });

siteTest('a purge removes what was delivered, and names what was not in a gap record', { slaves: false, sensors: {}, every: '100ms' },
    async (site) => {
        await withHistory(site);
        site.cutLink(600_000);
        await site.gateway.untilStatus('owes a backlog', ({ outbox }) => outbox.owed_readings > 20);
        const refused = await site.gateway.ctl('outbox', 'purge');
        assert.equal(refused.code, 2, 'without --yes nothing is removed');
        await ctl(site, 'outbox', 'purge', '--yes');
        const status = await site.gateway.status();
        assertBalanced(status);
        assert.ok(status.outbox.dropped_by_reason.purged > 0);
        site.restoreLink();
        const counts = await site.end();
        assert.ok(site.gaps.some(({ reason }) => reason === 'purged'));
        site.assertWhole(counts.last_seq);
    });

siteTest('metrics are OpenMetrics and tell the same as the status', { slaves: false, sensors: {} }, async (site) => {
    await withHistory(site);
    const text = await ctl(site, 'metrics');
    assert.match(text, /# EOF\n$/);
    assert.match(text, /^fieldlink_readings_total\{fate="acked"\} [1-9]\d*$/m);
    assert.match(text, /^fieldlink_storage_degraded 0$/m);
});
