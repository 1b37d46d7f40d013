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
import { printTable } from './report.mjs';

const help = `usage: command_latency.mjs [--split] [--kind KIND] [--rate RATE] [--commands N] [--answer-ms MS] [--directory DIR]

  --split          with uplink.split: true
  --kind KIND      uncoalesced or coalesced backlog (default: both)
  --rate RATE      of the drain: limited (80 frames/s) or lifted (as fast as it goes) (default: both)
  --commands N     writes in each drain (default: 400)
  --answer-ms MS   the device takes for each answer (default: 5)
  --directory DIR  on the disk that the outbox is to be on (default: the build directory)

The commands come at random moments, at least 30 ms apart, to a valve on a bus that polls five units ten times a second.
Both times are CLOCK_MONOTONIC: before the service writes the frame, and when the slave's socket becomes readable.
"less one transaction": without the time for which the one transaction that was under way when the command was written, or
the first that began after it, kept the bus busy until the write's request; measured at the slave, from the arrival of that
transaction's request to its answer. The time that the gateway takes to send and to receive stays in the figure.
`;

const string = (value) => ({ type: 'string', default: value });

/** Enough of a backlog for the time that the commands take, and so many commands a second. */
const drains = {
    limited: { rate: { messages: 80, burst: 100 }, serviceArgs: ['--rate', 100, '--burst', 200], aSecond: 8, after: 5,
        messages: { uncoalesced: 8_000, coalesced: 80_000 } },
    lifted: { rate: lifted, serviceArgs: [], aSecond: 20, after: 0.2, messages: { uncoalesced: 600_000, coalesced: 600_000 } },
};

function readArguments() {
    const options = {
        split: { type: 'boolean' }, kind: string(''), rate: string(''), commands: string('400'), 'answer-ms': string('5'),
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

/** Several drains, if one does not last long enough for all commands. */
async function measure({ parent, kind, rateName, commands, answerMs, split }) {
    const { rate, serviceArgs, aSecond, after, messages } = drains[rateName];
    const perDrain = commands;
    const args = [...serviceArgs, '--commands', perDrain, '--commands-a-second', aSecond, '--commands-after', after];
    const report = await drainOnce({
        parent, kind, messages: messages[kind], rate, split, serviceArgs: args, commands: perDrain, answerMs,
    });
    return { ...report, latencies: latencies(report.commands, report.slave) };
}

const ms = (value) => value.toFixed(2);

function rowsOf(name, { latencies: all, commands, slave, too_fast: tooFast }) {
    const row = (figure, field) => {
        const values = all.map((latency) => latency[field]);
        return { figure: `${name}: ${figure}`, p50: ms(quantile(values, 0.5)), p95: ms(quantile(values, 0.95)),
            p99: ms(quantile(values, 0.99)), max: ms(Math.max(...values)), aim: field === 'less' ? 'p99 <= 20' : '' };
    };
    process.stderr.write(`  ${all.length} of ${commands.length} commands reached the device, bus busy `
        + `${(100 * busyShare(slave)).toFixed(0)} % of the time, closed with 4011: ${tooFast}\n`);
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
            rows.push(...rowsOf(name, await measure({ parent, kind, rateName, ...options })));
        }
    }
    printTable(rows);
}

// By exit, so that the programs started here are ended as well.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
await main(readArguments());
