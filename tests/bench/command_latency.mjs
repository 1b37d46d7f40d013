#!/usr/bin/env node
/**
 * How soon a command reaches the device while a backlog is drained: from the service's write of it to the request on the
 * slave's socket. `command_latency` beside this file builds what is needed and starts it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { buildDirectory } from '../support/harness/build.mjs';
import { drainOnce, kinds, lifted } from './drain_scene.mjs';
import { busyShare, latencies, quantile } from './latency_figures.mjs';
import { median, printTable } from './report.mjs';

const help = `usage: command_latency.mjs [--split] [--kind KIND] [--rate RATE] [--commands N] [--answer-ms MS] [--directory DIR]

  --split          with uplink.split: true
  --kind KIND      uncoalesced or coalesced backlog (default: both)
  --rate RATE      of the drain: limited (80 frames/s) or lifted (as fast as it goes) (default: both)
  --commands N     writes in each of the four cases (default: 300)
  --answer-ms MS   the device takes for each answer (default: 5)
  --directory DIR  on the disk that the outbox is to be on (default: the build directory)

The commands come at random moments, at least 30 ms apart, to a valve on a bus that polls five units ten times a second.
Both times are CLOCK_MONOTONIC: before the service writes the frame, and when the slave's socket becomes readable.
"less one transaction": without the time for which the one transaction that was under way when the command was written, or
the first that began after it, kept the bus busy until the write's request; measured at the slave, from the arrival of that
transaction's request to its answer. The time that the gateway takes to send and to receive stays in the figure.
`;

const string = (value) => ({ type: 'string', default: value });

/**
 * `perDrain` commands, `aSecond`, after the first `after` frames, when the ramp has ended; the backlog lasts for longer
 * than they take. As it may not, all drains are repeated until there are enough commands.
 */
const drains = {
    limited: {
        rate: { messages: 80, burst: 100 }, limit: ['--rate', 100, '--burst', 200], perDrain: 1000, aSecond: 8,
        uncoalesced: { after: 400, messages: 12_000 }, coalesced: { after: 400, messages: 100_000 },
    },
    lifted: {
        rate: lifted, limit: [], perDrain: 60, aSecond: 20,
        uncoalesced: { after: 30_000, messages: 150_000 }, coalesced: { after: 6_000, messages: 200_000 },
    },
};

function readArguments() {
    const options = {
        split: { type: 'boolean' }, kind: string(''), rate: string(''), commands: string('300'), 'answer-ms': string('5'),
        directory: string(buildDirectory), help: { type: 'boolean' },
    };
    try {
        const { values } = parseArgs({ options });
        if (values.help) process.exit(process.stdout.write(help) ? 0 : 1);
        return {
            ...values, commands: Number(values.commands), answerMs: Number(values['answer-ms']),
            kinds: values.kind ? [values.kind] : Object.keys(kinds), rates: values.rate ? [values.rate] : Object.keys(drains),
        };
    } catch (error) {
        process.stderr.write(`${error.message}\n\n${help}`);
        process.exit(2);
    }
}

/** The latencies of `commands` commands, and of as many drains as that took what else is to be told. */
async function measure({ parent, kind, rateName, commands, answerMs, split }) {
    const { rate, limit, perDrain, aSecond, ...backlogs } = drains[rateName];
    const { after, messages } = backlogs[kind];
    const total = { latencies: [], sent: 0, tooFast: 0, busy: [] };
    while (total.sent < commands) {
        const count = Math.min(perDrain, commands - total.sent);
        const serviceArgs = [...limit, '--commands', count, '--commands-a-second', aSecond, '--commands-after', after];
        const report = await drainOnce({ parent, kind, messages, rate, split, serviceArgs, commands: count, answerMs });
        if (report.commands.length === 0) throw new Error('the backlog ended before the first command');
        total.latencies.push(...latencies(report.commands, report.slave));
        total.sent += report.commands.length;
        total.tooFast += report.too_fast;
        total.busy.push(busyShare(report.slave));
    }
    return total;
}

const ms = (value) => value.toFixed(2);

function rowsOf(name, { latencies: all, sent, tooFast, busy }) {
    const row = (figure, field) => {
        const values = all.map((latency) => latency[field]);
        return { figure: `${name}: ${figure}`, p50: ms(quantile(values, 0.5)), p95: ms(quantile(values, 0.95)),
            p99: ms(quantile(values, 0.99)), max: ms(Math.max(...values)), aim: field === 'less' ? 'p99 <= 20' : '' };
    };
    process.stderr.write(`  ${all.length} of ${sent} commands reached the device, in ${busy.length} drains; bus busy `
        + `${(100 * median(busy)).toFixed(0)} % of the time; closed with 4011: ${tooFast}\n`);
    return [row('ms to the slave', 'raw'), row('less one transaction', 'less')];
}

async function main(options) {
    const parent = mkdtempSync(`${options.directory}/command_latency-`);
    process.on('exit', () => rmSync(parent, { recursive: true, force: true }));
    const rows = [];
    for (const rateName of options.rates) {
        for (const kind of options.kinds) {
            const name = `${rateName}, ${kind}${options.split ? ', split' : ''}`;
            process.stderr.write(`${name}\n`);
            rows.push(...rowsOf(name, await measure({ ...options, parent, kind, rateName })));
        }
    }
    printTable(rows);
}

// By exit, so that the programs started here are ended as well.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
await main(readArguments());
