#!/usr/bin/env node
/**
 * How fast a backlog leaves the gateway: under its token bucket, and with that lifted beside a bare websocketpp loop that
 * sends the same frames. `drain` beside this file builds what is needed and starts it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { buildDirectory } from '../support/harness/build.mjs';
import { endOfRampLifted, endOfRampLimited, figures, firstSeconds, framesOf } from './drain_figures.mjs';
import { drainOnce, kinds, lifted, sendBare } from './drain_scene.mjs';
import { median, printTable } from './report.mjs';

const help = `usage: drain.mjs [--only PART] [--kind KIND] [--messages N] [--lifted-messages N] [--rounds N] [--split] [--directory DIR]

  --only PART          limited or lifted (default: both)
  --kind KIND          uncoalesced or coalesced (default: both)
  --messages N         of 50 readings, in the limited part (default: 20000; the uncoalesced kind then takes 4 minutes)
  --lifted-messages N  in each round of the lifted part, enough to outlast the ramp (default: 600000)
  --rounds N           of the lifted part; the gateway and the bare loops take turns (default: 5)
  --split              with uplink.split: true
  --directory DIR      on the disk that the outbox is to be on (default: the build directory)

limited: from the end of the ramp (of the first second, counted from the first frame, that has 95 % of the bucket's rate)
to the last ack, at the service, which closes with 4011 over 100 frames/s (200 at once). All frames count. What is left of
the burst comes on top of rate x time, so that somewhat more than 100 % is possible.
lifted: the same with neither limit; the ramp ends where the first quarter of a second begins that has 80 % of the best
one's frames. The bare loop sends frames that a gateway sent, with its window; it is measured as websocketpp does it and with
frames that the program masks itself.
`;

const string = (value) => ({ type: 'string', default: value });

function readArguments() {
    const options = {
        only: string(''), kind: string(''), messages: string('20000'), 'lifted-messages': string('600000'), rounds: string('5'),
        split: { type: 'boolean' }, directory: string(buildDirectory), help: { type: 'boolean' },
    };
    try {
        const { values } = parseArgs({ options });
        if (values.help) process.exit(process.stdout.write(help) ? 0 : 1);
        return {
            ...values, messages: Number(values.messages), liftedMessages: Number(values['lifted-messages']),
            rounds: Number(values.rounds), kinds: values.kind ? [values.kind] : Object.keys(kinds),
        };
    } catch (error) {
        process.stderr.write(`${error.message}\n\n${help}`);
        process.exit(2);
    }
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const row = (figure, measured, aim = '', ratio = '') => ({ figure, measured: String(measured), aim, ratio });
const progress = (text) => process.stderr.write(`${text}\n`);

async function limitedRows({ parent, messages, split }, kind) {
    const rate = { messages: 80, burst: 100 };
    progress(`limited, ${kind}: ${messages} messages`);
    const report = await drainOnce({ parent, kind, messages, rate, split, serviceArgs: ['--rate', 100, '--burst', 200] });
    const result = figures(report, endOfRampLimited(framesOf(report), rate.messages));
    const share = percent(result.framesASecond / rate.messages);
    const name = `limited, ${kind}`;
    progress(`  frames in the first seconds: ${firstSeconds(report, 8).join(' ')}`);
    return [
        row(`${name}: frames/s of a bucket of ${rate.messages}/s`, result.framesASecond.toFixed(2),
            kind === 'uncoalesced' ? '>= 95 %' : '', share),
        row(`${name}: average frame fill`, percent(result.fill), kind === 'coalesced' ? '>= 80 %' : ''),
        row(`${name}: closed with 4011, connections`, `${result.tooFast}, ${result.connections}`, '0, '
            + (split ? 2 : 1)),
        row(`${name}: readings/s`, result.readingsASecond.toFixed(0)),
        row(`${name}: ramp, then measured, s`, `${result.begin.toFixed(0)}, ${result.seconds.toFixed(1)}`),
    ];
}

/** CPU seconds of each thread, per 1000 frames. */
function threadText(reports) {
    const names = Object.keys(reports[0].used.byThread);
    const perFrame = (name) => median(reports.map(
        ({ used, frames }) => (used.byThread[name] ?? 0) / 1000 / frames.length));
    return names.map((name) => `${name} ${perFrame(name).toFixed(1)}`).join(', ');
}

async function liftedRows({ parent, liftedMessages, rounds, split }, kind) {
    const frames = `${parent}/frames`;
    const scene = { parent, kind, messages: liftedMessages, rate: lifted, split };
    progress(`lifted, ${kind}: records frames`);
    await drainOnce({ ...scene, serviceArgs: ['--record', frames] });
    const rates = { gateway: [], bare: [], masked: [] };
    const reports = [];
    const turns = [
        async () => reports.push(await drainOnce(scene)),
        async () => rates.bare.push(await sendBare({ parent, frames, masked: false }).then((r) => r.frames / r.seconds)),
        async () => rates.masked.push(await sendBare({ parent, frames, masked: true }).then((r) => r.frames / r.seconds)),
    ];
    for (let round = 0; round < rounds; ++round) {
        for (const turn of round % 2 === 0 ? turns : [...turns].reverse()) await turn();
        rates.gateway.push(figures(reports.at(-1), endOfRampLifted(framesOf(reports.at(-1)))).backlogASecond);
        progress(`  round ${round + 1}: ${Object.entries(rates).map(([name, list]) => `${name} ${list.at(-1).toFixed(0)}`).join(', ')} frames/s`);
    }
    rmSync(frames);
    return liftedTable(kind, rates, reports);
}

function liftedTable(kind, rates, reports) {
    const all = reports.map((report) => figures(report, endOfRampLifted(framesOf(report))));
    const each = (field) => median(all.map((result) => result[field]));
    const ratio = (side) => `${median(rates.gateway.map((rate, round) => rate / rates[side][round])).toFixed(2)} x`;
    const name = `lifted, ${kind}`;
    return [
        row(`${name}: frames/s, gateway : bare websocketpp`, `${median(rates.gateway).toFixed(0)} : ${median(rates.bare).toFixed(0)}`,
            '>= 0.7 x bare', ratio('bare')),
        row(`${name}: the same, bare loop that masks itself`, `${median(rates.gateway).toFixed(0)} : ${median(rates.masked).toFixed(0)}`,
            '', ratio('masked')),
        row(`${name}: readings/s`, each('readingsASecond').toFixed(0)),
        row(`${name}: MB/s, average frame fill`, `${(each('bytesASecond') / 1e6).toFixed(1)}, ${percent(each('fill'))}`),
        row(`${name}: ramp, then measured, s`, `${each('begin').toFixed(2)}, ${each('seconds').toFixed(2)}`),
        row(`${name}: CPU us a frame by thread`, threadText(reports)),
    ];
}

async function main(options) {
    const parent = mkdtempSync(`${options.directory}/drain-`);
    process.on('exit', () => rmSync(parent, { recursive: true, force: true }));
    const rows = [];
    for (const kind of options.kinds) {
        if (options.only !== 'lifted') rows.push(...await limitedRows({ ...options, parent }, kind));
        if (options.only !== 'limited') rows.push(...await liftedRows({ ...options, parent }, kind));
    }
    printTable(rows);
}

// By exit, so that the programs started here are ended as well.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
await main(readArguments());
