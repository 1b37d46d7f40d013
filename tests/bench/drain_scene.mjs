/** A backlog, the service that counts, a device, and the gateway that drains the one to the other. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';

import { buildDirectory } from '../support/harness/build.mjs';
import { Child } from '../support/harness/child.mjs';
import { Gateway } from '../support/harness/gateway.mjs';
import { inTime, letPass } from '../support/harness/until.mjs';
import { between, sample } from './process_sample.mjs';

const run = promisify(execFile);
const id = 'bench-gateway';
const program = (name) => `${buildDirectory}/tests/bench/${name}`;

/** The kinds of backlog: `channels` that its messages take turns on. */
export const kinds = {
    // A gateway looks at 512 messages for a publish, so that with more channels each message goes alone.
    uncoalesced: { channels: 600 },
    coalesced: { channels: 1 },
};

/** Nothing that either side knows stands in the way. */
export const lifted = { messages: 1_000_000, burst: 1_000_000 };

const maxBytes = (messages) => Math.max(256, Math.ceil(messages / 200)) * 2 ** 20;

export async function fill(path, { kind, messages }) {
    const args = ['--gateway', id, '--messages', messages, '--channels', kinds[kind].channels, '--max-bytes', maxBytes(messages)];
    await run(program('outbox_filler'), [path, ...args.map(String)]);
}

/** Four meters and a valve, ten times a second each: the bus is busy for a quarter of the time. */
function config({ url, slave, rate, split, messages }) {
    const meter = (unit) => ({ bus: 'plant', unit, every: '100ms', points: { power: { holding: 10, type: 'u32' } } });
    const meters = Object.fromEntries([2, 3, 4, 5].map((unit) => [`meter${unit}`, meter(unit)]));
    const opening = { holding: 20, type: 'u16', writable: true };
    return {
        gateway: { id },
        uplink: { url, auth: { api_key: { env: 'FIELDLINK_BENCH_KEY' } }, split, rate, reconnect: { per_minute: 60 } },
        outbox: { max_size: `${maxBytes(messages) / 2 ** 20}MiB` },
        commands: { rate: { per_second: 1000, burst: 1000 } },
        buses: { plant: { driver: 'modbus', tcp: slave } },
        sensors: { valve: { bus: 'plant', unit: 1, every: '100ms', points: { opening } }, ...meters },
    };
}

/** A counting_service: see its --help for the arguments. */
export class CountingService {
    static async start(directory, args = []) {
        const service = new CountingService();
        service.child = new Child(program('counting_service'), args.map(String), { log: `${directory}/service.err` });
        ({ url: service.url } = JSON.parse(await inTime('the service listens', service.child.nextLine())));
        return service;
    }

    async ask(what) {
        this.child.write(`${what}\n`);
        return JSON.parse(await inTime(`the service's ${what}`, this.child.nextLine()));
    }

    async stop() {
        this.child.process.stdin.end();
        await this.child.ended;
    }
}

async function startSlave(directory, answerMs) {
    const child = new Child(program('stamping_slave'), ['--answer-ms', String(answerMs)], { log: `${directory}/slave.err` });
    const { tcp } = JSON.parse(await inTime('the slave listens', child.nextLine()));
    return { child, address: tcp };
}

async function stopSlave({ child }) {
    child.process.kill('SIGTERM');
    return JSON.parse(await inTime('the slave reports', child.nextLine()));
}

/** Only the service is asked meanwhile: asking the gateway would cost CPU time that is measured. */
async function untilDrained(service, gateway) {
    for (;;) {
        await letPass(500);
        if (!gateway.child.running) throw new Error(`the gateway has ended: ${gateway.log().slice(-2000)}`);
        const { idle } = await service.ask('progress');
        if (idle === null || idle < 1.5) continue;
        const { outbox } = await gateway.status();
        if (outbox.owed_messages <= 3) return outbox;
    }
}

/** Until all commands were sent, or the backlog has ended before. */
async function untilCommanded(service, gateway, count) {
    for (;;) {
        await letPass(500);
        if (!gateway.child.running) throw new Error(`the gateway has ended: ${gateway.log().slice(-2000)}`);
        const { idle, commands } = await service.ask('progress');
        if (idle > 3 || commands === count) return letPass(500);
    }
}

/**
 * One drain with an outbox of its own. `rate`: the gateway's; `serviceArgs` of the service; `commands`: wait for so many
 * to be sent, at most until the end of the backlog. Returns the service's report, the slave's, what the gateway used of the CPU, and
 * its status at the end.
 */
export async function drainOnce({ parent, kind, messages, rate, split, serviceArgs = [], commands = 0, answerMs = 5 }) {
    const directory = mkdtempSync(`${parent}/turn-`);
    await fill(`${directory}/outbox.db`, { kind, messages });
    const slave = await startSlave(directory, answerMs);
    const service = await CountingService.start(directory, serviceArgs);
    const gateway = new Gateway(directory, config({ url: service.url, slave: slave.address, rate, split, messages }),
        { FIELDLINK_BENCH_KEY: 'pk_live_bench' });
    try {
        gateway.start();
        const before = sample(gateway.child.pid);
        if (commands > 0) await untilCommanded(service, gateway, commands);
        else await untilDrained(service, gateway);
        const used = between(before, sample(gateway.child.pid));
        const status = await gateway.status();
        const report = await service.ask('report');
        return { ...report, used, status, slave: await stopSlave(slave), messages, kind };
    } finally {
        await gateway.child.stop('SIGKILL');
        await slave.child.stop('SIGKILL');
        await service.stop();
        rmSync(directory, { recursive: true, force: true });
    }
}

/** Sends recorded frames with nothing around it: `{frames, seconds}`. */
export async function sendBare({ parent, frames, masked }) {
    const service = await CountingService.start(parent);
    try {
        const { stdout } = await run(program('bare_uplink'), [service.url, frames, ...(masked ? ['--masked'] : [])]);
        return JSON.parse(stdout);
    } finally {
        await service.stop();
    }
}
