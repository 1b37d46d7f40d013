#!/usr/bin/env node
/**
 * The whole gateway beside a bare libmodbus loop that reads the same registers at the same times. They run in turns, so
 * that whatever else the machine does hits both. Slave, service and gateway are processes of their own; only the
 * gateway's CPU time and memory are counted. `run` beside this file builds what is needed and starts it.
 */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { ChannelService } from '../support/cloud/service.mjs';
import { buildDirectory, modbusSlave } from '../support/harness/build.mjs';
import { Child } from '../support/harness/child.mjs';
import { Gateway } from '../support/harness/gateway.mjs';
import { inTime, letPass } from '../support/harness/until.mjs';
import { gatewayConfig, load } from './load.mjs';
import { between, memory, sample } from './process_sample.mjs';
import { appendRows, gatewayRows, noiseLines, printTable, threadLines } from './report.mjs';

const id = 'bench-gateway';
const key = 'pk_live_bench';
const tmpfs = 0x01021994;

const help = `usage: gateway_bench.mjs [--rounds N] [--seconds S] [--warm-up S] [--directory DIR]

  --rounds N       turns of each (default: 3)
  --seconds S      measured in each turn (default: 30)
  --warm-up S      the gateway runs before it is measured (default: 10)
  --directory DIR  on the disk that the outbox is to be on (default: the build directory)
`;

function readArguments() {
    const options = {
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '30' },
        'warm-up': { type: 'string', default: '10' },
        directory: { type: 'string', default: buildDirectory },
    };
    try {
        const { rounds, seconds, 'warm-up': warmUp, directory } = parseArgs({ options }).values;
        return { rounds: Number(rounds), seconds: Number(seconds), warmUp: Number(warmUp), directory };
    } catch (error) {
        process.stderr.write(`${error.message}\n\n${help}`);
        process.exit(2);
    }
}

/** A directory on a real disk: on tmpfs neither fsync nor the bytes written mean anything. */
function workDirectory(parent) {
    if (statfsSync(parent).type === tmpfs) throw new Error(`${parent} is in memory; give a --directory on a disk`);
    return mkdtempSync(`${parent}/gateway_bench-`);
}

async function startCloud() {
    const channels = [`fleet/${id}/**`];
    const keys = { [key]: { peerId: id, channels, permissions: ['publish', 'subscribe'] } };
    return new ChannelService({ keys, connectAttempts: 10_000 }).start();
}

async function startSlave(directory) {
    const args = ['--tcp', '127.0.0.1:0', '--units', `1-${load.units}`];
    const child = new Child(modbusSlave(), args, { log: `${directory}/slave.err` });
    const { tcp } = JSON.parse(await inTime('the slave is ready', child.nextLine()));
    return { child, address: tcp };
}

const total = (table, field) => Object.values(table).reduce((sum, row) => sum + row[field], 0);

/** The gateway's own counters and the service's, between which the CPU time is taken. */
async function counted(gateway, cloud) {
    const status = await gateway.status();
    return {
        polls: total(status.sensors, 'polls'),
        failed: total(status.sensors, 'failed_polls'),
        missed: total(status.buses, 'missed_polls'),
        published: cloud.counters.of(id).bytesIn,
    };
}

const difference = (before, after) => Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - before[name]]));

/** One turn of the gateway, with an outbox of its own. */
async function measureGateway({ parent, cloud, slave, seconds, warmUp }) {
    const directory = mkdtempSync(`${parent}/turn-`);
    const config = gatewayConfig({ id, url: cloud.url, slave: slave.address });
    const gateway = new Gateway(directory, config, { FIELDLINK_BENCH_KEY: key });
    gateway.start();
    await gateway.connected();
    await letPass(warmUp * 1000);
    const before = await counted(gateway, cloud);
    const start = sample(gateway.child.pid);
    await letPass(seconds * 1000);
    const used = between(start, sample(gateway.child.pid));
    const counts = difference(before, await counted(gateway, cloud));
    const held = memory(gateway.child.pid);
    await gateway.terminate();
    return { ...used, ...held, ...counts, nsPerPoint: used.cpuNs / (counts.polls * load.registers) };
}

/** One turn of the bare loop. */
async function measureBare({ parent, slave, seconds }) {
    const [host, port] = slave.address.split(':');
    const args = ['--host', host, '--port', port, '--units', load.units, '--registers', load.registers,
        '--period-ms', load.periodMs].map(String);
    const child = new Child(`${buildDirectory}/tests/bench/bare_modbus`, args, { log: `${parent}/bare.err` });
    await letPass(2000);
    const start = sample(child.pid);
    await letPass(seconds * 1000);
    const used = between(start, sample(child.pid));
    child.process.kill('SIGTERM');
    const { reads, late, seconds: ran } = JSON.parse(await inTime('the bare loop reports', child.nextLine()));
    return { ...used, late, nsPerPoint: used.cpuNs / ((reads * load.registers * used.seconds) / ran) };
}

/** Which goes first alternates: neither is always measured on the other's heels. */
async function takeTurns(scene, rounds) {
    const gateway = [];
    const bare = [];
    for (let round = 0; round < rounds; ++round) {
        const turns = [async () => gateway.push(await measureGateway(scene)), async () => bare.push(await measureBare(scene))];
        if (round % 2 === 1) turns.reverse();
        for (const turn of turns) await turn();
        const us = (list) => (list.at(-1).nsPerPoint / 1000).toFixed(3);
        process.stderr.write(`round ${round + 1} of ${rounds}: gateway ${us(gateway)}, bare ${us(bare)} us a point\n`);
    }
    return { gateway, bare };
}

async function runAppendBench(directory) {
    const child = new Child(`${buildDirectory}/tests/bench/append_bench`, [directory], { log: `${directory}/append.err` });
    const { code } = await child.ended;
    if (code !== 0) throw new Error(`append_bench: ${child.stderrText}`);
    return child.lines;
}

async function main({ rounds, seconds, warmUp, directory }) {
    const parent = workDirectory(directory);
    process.on('exit', () => rmSync(parent, { recursive: true, force: true }));
    const cloud = await startCloud();
    const slave = await startSlave(parent);
    try {
        const turns = await takeTurns({ parent, cloud, slave, seconds, warmUp }, rounds);
        await slave.child.stop();
        const appends = await runAppendBench(parent);
        printTable([...gatewayRows(turns), ...appendRows(appends)]);
        process.stdout.write(`\n${[...threadLines(turns.gateway), ...noiseLines(turns)].join('\n')}\n`);
    } finally {
        await slave.child.stop();
        await cloud.stop();
    }
}

// By exit, so that the programs started here are ended as well.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
await main(readArguments());
