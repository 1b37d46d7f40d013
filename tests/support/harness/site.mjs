import assert from 'node:assert/strict';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import test from 'node:test';

import { makeCertificates } from '../cloud/certificates.mjs';
import { ProvisioningService } from '../cloud/provisioning.mjs';
import { ChannelService } from '../cloud/service.mjs';
import { FleetSubscriber } from '../cloud/subscriber.mjs';
import { assertBalanced } from './accounting.mjs';
import { Gateway } from './gateway.mjs';
import { LoopDisk } from './loop_disk.mjs';
import { outboxCounts, outboxMessages } from './outbox_file.mjs';
import { modbusSensors, sensorsYaml, simulatedSensor } from './sensors.mjs';
import { Slave } from './slave.mjs';
import { compare } from './truth.mjs';

const gatewayId = 'sensor-42';
const secret = 'device-secret';

/**
 * Everything around one gateway, on this machine: the cloud with a subscriber on the official SDK, a Modbus TCP slave, a
 * Modbus RTU slave on a pseudo terminal, and the gateway, which is configured but not started.
 */
export class Site {
    /**
     * `auth`: provision, token or api_key. `tls`: wss with an authority of its own, which the gateway is told of if
     * `trust`. `every`: poll interval of all sensors. `sensors`: those on the two Modbus lines. `config`: what goes into
     * fieldlink.yaml beside or instead of what stands there. `cloud`: options of the channel service. `slaves`: false
     * when no sensor needs them. `disk`: options of a LoopDisk that holds the outbox. `outbox`: its path below the site's
     * directory. `user`: a numeric id that the gateway runs as; what stands in the directory itself is then its own.
     * `uplink`: what goes into that section beside or instead, or a function of the site that returns it. `tls` may be certificates that are the caller's.
     * `inside`: see Gateway.
     */
    static async open({
        auth = 'provision', tls = false, trust = true, every = '200ms', sensors = modbusSensors(every), config = {}, cloud = {},
        slaves = true, disk, outbox = 'outbox.db', user, uplink = {}, inside,
    } = {}) {
        const site = new Site();
        site.directory = mkdtempSync(`${tmpdir()}/fieldlink-`);
        try {
            site.sensors = { ...sensors, simulated: simulatedSensor(every) };
            site.disk = disk && await LoopDisk.create(site.directory, disk);
            await site.#startCloud(tls, cloud);
            if (slaves) await site.#startSlaves();
            const path = site.disk ? `${site.disk.path}/outbox.db` : `${site.directory}/${outbox}`;
            const base = site.#config(auth, trust);
            base.uplink = { ...base.uplink, ...(typeof uplink === 'function' ? uplink(site) : uplink) };
            const whole = { ...base, ...config, outbox: { ...config.outbox, path } };
            site.gateway = new Gateway(site.directory, whole, {}, { user, inside });
            if (user !== undefined) site.#giveTo(user);
            return site;
        } catch (error) {
            await site.close();
            throw error;
        }
    }

    async #startCloud(tls, options) {
        this.ownsCertificates = tls === true;
        this.certificates = this.ownsCertificates ? await makeCertificates() : tls || null;
        const keys = { pk_live_gateway: { peerId: gatewayId, channels: [`fleet/${gatewayId}/**`], permissions: ['publish', 'subscribe'] } };
        // A test restarts the gateway more often than a service would let one address connect.
        const patient = { connectAttempts: 10_000, keys, tls: this.certificates, ...options };
        this.cloud = await new ChannelService(patient).start();
        const mint = (device) => this.cloud.token(device);
        this.provisioning = await new ProvisioningService({ mint, secret, tls: this.certificates }).start();
        const backend = { channels: ['fleet/**'], permissions: ['publish', 'subscribe', 'send'] };
        const token = () => this.cloud.token('backend', backend);
        const subscriber = new FleetSubscriber({ url: this.cloud.url, token, caFile: this.certificates?.caFile });
        this.subscriber = await subscriber.start();
    }

    async #startSlaves() {
        const { directory } = this;
        this.plant = await Slave.start({ directory, name: 'plant', line: 'tcp', units: '1-20' });
        this.rs485 = await Slave.start({ directory, name: 'rs485', line: 'rtu', units: '1-10' });
    }

    #giveTo(user) {
        const files = readdirSync(this.directory, { withFileTypes: true }).filter((entry) => entry.isFile());
        for (const { name } of [{ name: '' }, ...files]) chownSync(`${this.directory}/${name}`, user, user);
    }

    #config(auth, trust) {
        const modbus = this.plant && {
            plant: { driver: 'modbus', tcp: this.plant.where },
            rs485: { driver: 'modbus', serial: this.rs485.where, baud: 19200, parity: 'even' },
        };
        return {
            gateway: { id: gatewayId },
            uplink: {
                url: this.cloud.url,
                auth: this.#auth(auth),
                tls: this.certificates && trust ? { ca_file: this.certificates.caFile } : undefined,
                channels: {
                    telemetry: 'fleet/{gateway}/telemetry', commands: 'fleet/{gateway}/cmd', results: 'fleet/{gateway}/cmd/result',
                },
                reconnect: { per_minute: 60, max_delay: '5s' },
            },
            batch: { max_age: '250ms' },
            buses: { ...modbus, bench: { driver: 'simulated' } },
            sensors: sensorsYaml(this.sensors),
        };
    }

    #auth(kind) {
        if (kind === 'provision') return { provision: { url: this.provisioning.url, secret: this.secretFile('device-secret', secret) } };
        if (kind === 'token') return { token: this.secretFile('token', this.cloud.token(gatewayId)) };
        return { api_key: this.secretFile('key', 'pk_live_gateway') };
    }

    /** Keeps a secret in a file, as `{file: …}`. */
    secretFile(name, value) {
        const file = `${this.directory}/${name}`;
        writeFileSync(file, `${value}\n`, { mode: 0o600 });
        return { file };
    }

    /** One file of several, such as the authorities that are trusted. */
    joinFiles(name, files) {
        writeFileSync(`${this.directory}/${name}`, files.map((file) => readFileSync(file, 'utf8')).join(''));
        return `${this.directory}/${name}`;
    }

    /** What the subscriber has of the gateway. */
    get ledger() { return this.subscriber.gateway(gatewayId); }

    command(command, options) { return this.subscriber.command(gatewayId, command, options); }

    readings(sensor) {
        return [...this.ledger.allReadings()].filter((reading) => reading.sensor === sensor);
    }

    /** The gateway's link stays open, but nothing that is sent on it arrives, until it is cut. */
    freezeLink() { this.cloud.freeze({ only: gatewayId }); }

    /** Cuts the gateway's link; the service refuses it for `forMs` more. */
    cutLink(forMs = 0) { this.cloud.cut({ only: gatewayId, forMs }); }

    /** Ends what cutLink() began. */
    restoreLink() { this.cloud.listener.refuse(0); }

    /** Compares everything received with what the slaves served. Returns `{sensor: {faults, served, matched}}`. */
    compareWithSlaves() {
        const logs = { plant: this.plant.log(), rs485: this.rs485.log() };
        const modbus = Object.entries(this.sensors).filter(([, sensor]) => logs[sensor.bus]);
        return Object.fromEntries(modbus.map(
            ([name, sensor]) => [name, compare({ name, ...sensor }, this.readings(name), logs[sensor.bus])]));
    }

    /**
     * Ends the gateway in an orderly way, when its backlog is sent, and returns the outbox's own counts. An orderly end
     * sends what is owed; where that takes longer than the 2 s it has, another start goes on.
     */
    async end() {
        for (let tries = 0; tries < 3; ++tries) {
            assertBalanced(await this.gateway.drained());
            const { code, signal } = await this.gateway.terminate();
            assert.deepEqual({ code, signal }, { code: 0, signal: null }, 'SIGTERM is a clean end');
            const counts = await this.counts();
            if (counts.owed_messages === 0) return counts;
            this.gateway.start();
        }
        throw new Error('the gateway still owes messages after three orderly ends');
    }

    /** The outbox file's own counts, with the last number that it gave; only after the gateway has ended. */
    counts() { return outboxCounts(this.gateway); }

    /** The same, and returns what the outbox then holds. */
    async finish() {
        await this.end();
        return this.outboxMessages();
    }

    /** What the outbox file holds; only after the gateway has ended. Nothing may have been given up for space. */
    outboxMessages() { return outboxMessages(this.gateway); }

    /** The subscriber's verdict, up to the highest number that is known to have been committed. */
    verify(lastSeq) {
        return this.subscriber.verify({ lastSeq: { [gatewayId]: lastSeq } });
    }

    /** Asserts that nothing is missing up to `lastSeq` without a gap record, doubled, in pieces or contradictory. */
    assertWhole(lastSeq) {
        const whole = { ok: true, holes: [], incomplete: [], chain: [], conflicts: [], malformed: [], overcounted: 0 };
        assert.deepEqual(this.verify(lastSeq), whole);
        assert.equal(this.subscriber.interruptions, 0, 'the subscriber itself was cut off: the test proves nothing');
        assert.deepEqual(this.cloud.counters.of(gatewayId).violations, {}, 'the gateway broke a limit of the service');
    }

    /** Asserts that the subscriber has exactly the messages that `outboxMessages()` returned. */
    assertReceivedAll(committed) {
        const received = new Set([...this.ledger.entries.values()].map(({ epoch, seq }) => `${epoch}:${seq}`));
        const missing = committed.map(({ epoch, seq }) => `${epoch}:${seq}`).filter((id) => !received.has(id));
        assert.deepEqual(missing, [], 'committed, but never received');
        assert.equal(received.size, committed.length, 'received, but never committed');
    }

    /** Every gap record that the subscriber has. */
    get gaps() { return [...this.ledger.entries.values()].map(({ gap }) => gap).filter(Boolean); }

    /** Asserts that with an outbox that owes nothing (`counts` of end()) each reading was received or is in a gap record. */
    assertAccounted(counts) {
        const { read_readings: read, dropped_readings: dropped } = counts;
        const inGaps = this.gaps.reduce((sum, { readings }) => sum + readings, 0);
        assert.equal(inGaps, dropped, `the gap records name as many readings as were dropped: ${JSON.stringify(this.gaps)}`);
        assert.equal(this.ledger.readings + dropped, read, `each reading came or was dropped: ${JSON.stringify(counts)}`);
    }

    async close({ keep = false } = {}) {
        await this.gateway?.child?.stop('SIGKILL');
        await Promise.all([this.plant?.stop(), this.rs485?.stop(), this.subscriber?.stop()]);
        await Promise.all([this.cloud?.stop(), this.provisioning?.stop()]);
        if (this.ownsCertificates) await this.certificates?.remove();
        this.disk?.remove();
        if (!keep) rmSync(this.directory, { recursive: true });
    }

    /** What a person needs who looks at a failed test. */
    report() {
        const config = readFileSync(this.gateway.configPath, 'utf8').slice(0, 4000);
        const log = this.gateway.log().split('\n').slice(-80).join('\n');
        return `files kept in ${this.directory}\n---- fieldlink.yaml\n${config}---- last lines of the gateway\n${log}`;
    }
}

/**
 * A test with a site of its own. When it fails, the gateway's last lines are shown and the files are kept. One that needs
 * a disk of its own is skipped where none can be had.
 */
export function siteTest(name, { timeout = 120_000, skip = false, ...options }, body) {
    test(name, { timeout, skip: skip || (options.disk ? LoopDisk.whyNot() : false) }, async (t) => {
        const site = await Site.open(options);
        let keep = true;
        try {
            await body(site, t);
            keep = false;
        } catch (error) {
            console.error(`${name}: ${site.report()}`);
            throw error;
        } finally {
            await site.close({ keep });
        }
    });
}
