/**
 * The release build in a virtual machine that loses its power again and again. A number that the gateway has told, or a
 * message that came, was committed: it must never be taken back, and in the end everything has arrived.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';

import { assertBalanced } from '../support/harness/accounting.mjs';
import { root } from '../support/harness/build.mjs';
import { siteTest } from '../support/harness/site.mjs';
import { letPass, until } from '../support/harness/until.mjs';
import { Machine } from './power_cut_vm/machine.mjs';

const cuts = 10;
const port = (url) => new URL(url).port;

/** What one life of the machine has told; the first thing that is wrong is kept until somebody looks. */
class Life {
    constructor(committedBefore) {
        this.committedBefore = committedBefore;
        this.lastSeq = committedBefore;
        this.statuses = 0;
    }

    take(status) {
        try {
            const { last_seq: lastSeq } = status.outbox;
            assert.ok(lastSeq >= this.lastSeq, `${lastSeq} is the last number, but ${this.lastSeq} was committed before`);
            assertBalanced(status);
            Object.assign(this, { lastSeq, status, statuses: this.statuses + 1 });
        } catch (error) {
            this.fault ??= error;
        }
    }

    async until(what, machine, holds) {
        const isOver = () => this.fault || !machine.running || (this.status && holds(this.status));
        await until(what, isOver, { within: 120_000, every: 50 }).catch((error) => {
            throw new Error(`${error.message}; the machine said:\n${machine.log.slice(-30).join('\n')}`);
        });
        if (this.fault) throw this.fault;
        assert.ok(machine.running, `the machine has ended: ${machine.log.slice(-30).join('\n')}`);
    }
}

const highestReceived = ({ ledger }) => [...ledger.entries.values()].reduce((highest, { seq }) => Math.max(highest, seq), 0);
const isOnline = ({ uplink }) => uplink.state === 'connected';

/** Boots, lets it work, with and without a link, and cuts the power. Returns the highest number known to be committed. */
async function liveAndDie(site, machine, committedBefore) {
    const life = new Life(committedBefore);
    machine.start((status) => life.take(status));
    await life.until('the gateway in the machine is connected', machine, isOnline);
    await letPass(randomInt(200, 4000));
    if (randomInt(2) === 0) site.cutLink(randomInt(500, 3000));
    await letPass(randomInt(0, 4000));
    await machine.cutPower();
    if (life.fault) throw life.fault;
    return { seq: Math.max(life.lastSeq, highestReceived(site)), statuses: life.statuses };
}

/** The last life: everything owed is sent, and the outbox is taken out of the disk. */
async function liveAndEnd(site, machine, committedBefore) {
    const life = new Life(committedBefore);
    machine.start((status) => life.take(status));
    await life.until('the backlog is sent', machine, (status) => isOnline(status) && status.outbox.owed_messages <= 3);
    assert.equal(await machine.shutDown(), 0, 'SIGTERM is a clean end');
    await machine.copyOut('outbox.db', site.gateway.outboxPath);
}

siteTest(`${cuts} power cuts of a machine under load lose nothing that was committed`, {
    timeout: 1_800_000, slaves: false, sensors: {}, skip: process.arch === 'x64' ? false : 'the machine is an x86-64 one',
}, async (site, t) => {
    const ports = { cloud: port(site.cloud.url), provisioning: port(site.provisioning.url) };
    const build = process.env.FIELDLINK_RELEASE_BUILD ?? `${root}/build/release`;
    const cache = `${root}/build/power_cut_vm`;
    const machine = await Machine.create({ build, cache, directory: site.directory, ports });
    t.after(() => machine.child?.stop('SIGKILL'));
    let committed = 0;
    for (let i = 1; i <= cuts; ++i) {
        const { seq, statuses } = await liveAndDie(site, machine, committed);
        console.log(`power cut ${i} of ${cuts}: ${seq - committed} messages committed in this life, ${statuses} looks at it`);
        assert.ok(seq > committed, 'nothing was committed in this life: it proves nothing');
        committed = seq;
    }
    await liveAndEnd(site, machine, committed);
    const messages = await site.outboxMessages();
    const counts = await site.counts();
    assert.equal(counts.owed_messages, 0);
    site.assertWhole(counts.last_seq);
    site.assertReceivedAll(messages);
    site.assertAccounted(counts);
    assert.deepEqual(messages.map(({ seq }) => seq), messages.map((_, i) => i + 1), 'numbers are never reused or skipped');
    t.diagnostic(`${messages.length} messages, ${counts.read_readings} readings, ${site.ledger.duplicates} duplicates removed`);
});
