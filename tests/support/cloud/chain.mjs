/** The `prev` chain of each channel: what it says is missing, and where it contradicts itself. Pure. */

/**
 * Follows the chains through `entries`, which are in the order of seq. Returns what they name but is not there, as
 * seq → {epoch, channel}; contradictions are added to `problems`. With `isLate` what lies before the first entry was
 * never expected.
 */
export function walkChains(gateway, entries, { isLate }, problems) {
    const named = new Map();
    const last = new Map();
    const complain = ({ channel, seq }, problem) => problems.push({ gateway, channel, seq, problem });
    for (const entry of entries) {
        const before = last.get(entry.channel);
        last.set(entry.channel, entry);
        const problem = linkProblem(entry, before);
        if (problem) complain(entry, problem);
        else if (entry.prev !== undefined) noteMissing(named, entry, before);
    }
    for (const entry of entries) {
        const link = named.get(entry.seq);
        if (link && link.channel !== entry.channel) complain(entry, `is named as prev on ${link.channel}`);
        named.delete(entry.seq);
    }
    if (isLate) for (const seq of [...named.keys()]) if (seq < entries[0].seq) named.delete(seq);
    return named;
}

/** `epoch:seq` in its parts; seq is NaN when it is none. */
function parseLink(prev) {
    const [epoch, seq] = String(prev).split(':');
    return { epoch, seq: Number(seq) };
}

/** What is wrong with an entry's `prev`, `before` being the entry before it on its channel. A part may have none. */
function linkProblem({ prev, seq, isWhole }, before) {
    if (prev === undefined) {
        return before && isWhole ? `has no prev, though seq ${before.seq} came before it on its channel` : null;
    }
    const link = parseLink(prev);
    if (!(link.seq < seq)) return `prev ${prev} does not come before it`;
    if (!before || link.seq > before.seq) return null;
    if (link.seq < before.seq) return `prev ${prev} passes over seq ${before.seq}`;
    return link.epoch === before.epoch ? null : `prev ${prev} names another epoch than ${before.epoch}`;
}

function noteMissing(named, { prev, channel }, before) {
    const { epoch, seq } = parseLink(prev);
    if (before?.seq !== seq) named.set(seq, { epoch, channel });
}
