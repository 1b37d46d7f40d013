/**
 * Is everything there? Judges a GatewayLedger by the messages contract: per channel by the `prev` chain, over all
 * channels by `seq`; a hole is explained when gap records name as many missing messages as it has. Pure functions.
 */
import { walkChains } from './chain.mjs';
import { assign } from './flow.mjs';

/**
 * Returns `{holes, incomplete, chain, overcounted}` for one gateway.
 *
 * `firstSeq`: the lowest seq that must be accounted for (null: the subscriber came late, begin at what it has).
 * `lastSeq`: the highest, when the caller knows it; else what came last is taken as the end.
 */
export function judge(ledger, { firstSeq = 1, lastSeq } = {}) {
    const lineages = splitLineages(ledger.sorted());
    const gaps = ledger
        .sorted()
        .filter(({ gap }) => gap)
        .map(asCapacity)
        .filter((gap) => gap !== null);
    const verdict = { holes: [], incomplete: [], chain: [], overcounted: 0 };
    lineages.forEach((entries, i) => {
        const isLast = i === lineages.length - 1;
        const range = {
            firstSeq: i === 0 ? firstSeq : null,
            isLate: firstSeq === null,
            lastSeq: isLast ? lastSeq : undefined,
        };
        judgeLineage(ledger.gateway, entries, usableGaps(gaps, lineages, i), range, verdict);
    });
    return verdict;
}

/** Epochs follow one another in seq; those that overlap, after a lost or restored file, are separate lineages. */
function splitLineages(sorted) {
    const byEpoch = new Map();
    for (const entry of sorted) {
        if (!byEpoch.has(entry.epoch)) byEpoch.set(entry.epoch, []);
        byEpoch.get(entry.epoch).push(entry);
    }
    const lineages = [];
    for (const entries of byEpoch.values()) {
        // The nearest one before it: an epoch that was numbered without a file runs beside those of the file.
        const before = lineages.filter((lineage) => lineage.at(-1).seq < entries[0].seq);
        const home = before.sort((a, b) => b.at(-1).seq - a.at(-1).seq)[0];
        if (home) home.push(...entries);
        else lineages.push([...entries]);
    }
    return lineages;
}

/** A gap record as something that can explain losses; null for readings that were lost before they had a seq. */
function asCapacity({ channel, gap }) {
    if (!Number.isInteger(gap.from_seq) || !Number.isInteger(gap.to_seq)) return null;
    const size = gap.messages ?? Infinity;
    return {
        channel,
        epoch: gap.epoch ?? null,
        from: gap.from_seq,
        to: gap.to_seq,
        size,
        readings: gap.readings ?? Infinity,
    };
}

function usableGaps(gaps, lineages, index) {
    const foreign = new Set(
        lineages
            .filter((_, i) => i !== index)
            .flat()
            .map(({ epoch }) => epoch),
    );
    return gaps.filter(({ epoch }) => !foreign.has(epoch));
}

function judgeLineage(gateway, entries, gaps, range, verdict) {
    const known = walkChains(gateway, entries, range, verdict.chain);
    const partial = entries.filter((entry) => entry.had < entry.slots.length);
    const losses = [
        ...missingSeqs(entries, known, range),
        ...partial.map(({ seq, epoch, channel }) => ({ from: seq, to: seq, epoch, channel, isPartial: true })),
    ];
    const demands = bundle(losses, gaps);
    const fits = (d, c) => covers(gaps[c], demands[d]);
    const { unmet, used } = assign(
        demands.map(({ size }) => size),
        gaps.map(({ size }) => size),
        fits,
    );
    demands.forEach((demand, d) => report(gateway, demand, unmet[d], { entries, gaps, verdict }));
    gaps.forEach((gap, c) => {
        if (gap.size !== Infinity) verdict.overcounted += gap.size - used[c];
    });
}

function report(gateway, demand, unexplained, { entries, gaps, verdict }) {
    if (unexplained === 0) return;
    const { from, to, size, epoch, channel } = demand;
    if (!demand.isPartial) {
        verdict.holes.push({ gateway, from, to, missing: size, unexplained, epoch, channel });
        return;
    }
    const entry = entries.find((candidate) => candidate.seq === demand.from);
    const lacks = entry.slots.length - entry.had;
    if (gaps.some((gap) => covers(gap, demand) && gap.readings >= lacks)) return;
    verdict.incomplete.push({ gateway, seq: entry.seq, epoch, channel, has: entry.had, of: entry.slots.length });
}

/** May the record speak of this loss? What is not known of the loss (null) contradicts nothing. */
function covers(gap, { from, to, epoch, channel }) {
    return (
        gap.from <= from &&
        to <= gap.to &&
        (epoch === null || gap.epoch === null || gap.epoch === epoch) &&
        (channel === null || gap.channel === channel)
    );
}

/** All runs of missing seqs; one whose channel the chain tells stands alone. */
function missingSeqs(entries, known, { firstSeq, lastSeq }) {
    const runs = [];
    const marks = [...known.keys()].sort((a, b) => b - a);
    const lowestKnown = Math.min(entries[0].seq, marks.at(-1) ?? Infinity);
    let next = Math.min(firstSeq ?? lowestKnown, lowestKnown);
    let epochBefore = null;
    for (const { seq, epoch } of entries) {
        addRuns(runs, { from: next, to: seq - 1, epoch: epoch === epochBefore ? epoch : null }, { marks, known });
        next = seq + 1;
        epochBefore = epoch;
    }
    addRuns(runs, { from: next, to: lastSeq ?? next - 1, epoch: null }, { marks, known });
    return runs;
}

/** Adds one run, in pieces where `known` has something. `marks` are its seqs yet to come, the next one last. */
function addRuns(runs, { from, to, epoch }, { marks, known }) {
    let next = from;
    while (marks.length > 0 && marks.at(-1) <= to) {
        const seq = marks.pop();
        if (next < seq) runs.push({ from: next, to: seq - 1, epoch, channel: null });
        runs.push({ from: seq, to: seq, ...known.get(seq) });
        next = seq + 1;
    }
    if (next <= to) runs.push({ from: next, to, epoch, channel: null });
}

/** Cuts losses where gap records begin or end and adds up what the same records can explain. */
function bundle(losses, gaps) {
    const cuts = [...new Set(gaps.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
    const bundles = new Map();
    for (const loss of losses) {
        let from = loss.from;
        for (const cut of [...cuts.filter((at) => at > loss.from && at <= loss.to), loss.to + 1]) {
            const cell = cuts.findLast((at) => at <= from);
            addTo(bundles, `${loss.isPartial ? from : ''}|${cell}|${loss.epoch}|${loss.channel}`, {
                ...loss,
                from,
                to: cut - 1,
            });
            from = cut;
        }
    }
    return [...bundles.values()];
}

function addTo(bundles, key, loss) {
    const size = loss.to - loss.from + 1;
    const there = bundles.get(key);
    if (!there) bundles.set(key, { ...loss, size });
    else
        Object.assign(there, {
            size: there.size + size,
            from: Math.min(there.from, loss.from),
            to: Math.max(there.to, loss.to),
        });
}
