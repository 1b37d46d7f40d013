/**
 * What a subscriber has received from one gateway: each message once, however often and in however many parts it came.
 * Pure; verify.mjs judges what is written here.
 */

/** May change from one sending to the next: times are corrected when the true time becomes known. */
const volatileKeys = new Set(['ts', 'first_ts', 'last_ts', 'clock', 'replayed', 'part', 'messageId']);

/** A text that is equal for two sendings of the same content. Names below `values` are the user's: none is left out. */
export function canonical(value, leaveOut = volatileKeys) {
    if (Array.isArray(value)) return `[${value.map((item) => canonical(item, leaveOut)).join()}]`;
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    const keys = Object.keys(value)
        .filter((key) => !leaveOut.has(key))
        .sort();
    const inner = (key) => (key === 'values' ? new Set() : leaveOut);
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key], inner(key))}`).join()}}`;
}

const idPattern = /^([A-Za-z0-9._-]{1,64}):([^:/]+):(\d+)(?:\/(\d+)-(\d+))?$/;

/** The parts of a messageId, or null: gateway, epoch, seq, and first and last reading when it is a part. */
export function parseId(text) {
    const found = typeof text === 'string' ? idPattern.exec(text) : null;
    if (!found) return null;
    const [, gateway, epoch, seq, first, last] = found;
    return {
        gateway,
        epoch,
        seq: Number(seq),
        part: first === undefined ? null : { first: Number(first), last: Number(last) },
    };
}

/** What is wrong with a message's shape, or null. */
export function shapeProblem(message, id) {
    if (message.seq !== id.seq) return `seq ${message.seq} is not that of ${message.messageId}`;
    const kinds = ['readings', 'gap', 'result', 'event'].filter((kind) => kind in message);
    if (kinds.length !== 1) return `${message.messageId} has ${kinds.length} kinds of content`;
    if (!id.part) return 'part' in message ? `${message.messageId} is a part by its field, not by its id` : null;
    const { first, count, of } = message.part ?? {};
    if (first !== id.part.first || first + count - 1 !== id.part.last || !(of >= first + count))
        return `${message.messageId}: part does not fit the id`;
    return message.readings?.length === count ? null : `${message.messageId}: has not the ${count} readings it names`;
}

export class GatewayLedger {
    constructor(gateway) {
        this.gateway = gateway;
        this.entries = new Map();
        this.messages = 0;
        this.duplicates = 0;
        this.readings = 0;
        this.conflicts = [];
    }

    /**
     * Writes down a well-formed message that came on `channel`. Returns the readings that are new, an empty list for a
     * duplicate or a message without readings.
     */
    record(channel, message, id) {
        const key = `${id.epoch}:${id.seq}`;
        const known = this.entries.get(key);
        if (!known) return this.first(key, channel, message, id);
        if (known.ids.has(message.messageId)) this.duplicates += 1;
        else this.checkBoundaries(known, message.messageId, id.part);
        known.ids.add(message.messageId);
        this.compare(known, channel, message, id);
        return this.fill(known, message, id);
    }

    first(key, channel, message, id) {
        const of = id.part ? message.part.of : (message.readings?.length ?? 0);
        const entry = {
            epoch: id.epoch,
            seq: id.seq,
            channel,
            prev: message.prev,
            gap: message.gap,
            isWhole: !id.part,
            ids: new Set([message.messageId]),
            parts: id.part ? [id.part] : [],
            slots: new Array(of),
            had: 0,
            rest: id.part ? null : canonical({ ...message, readings: undefined }),
        };
        this.entries.set(key, entry);
        this.messages += 1;
        return this.fill(entry, message, id);
    }

    /** Puts readings into their places; those that were there are compared. */
    fill(entry, message, id) {
        const offset = id.part?.first ?? 0;
        const fresh = [];
        (message.readings ?? []).forEach((reading, i) => {
            const there = entry.slots[offset + i];
            if (there === undefined) {
                entry.slots[offset + i] = reading;
                fresh.push(reading);
            } else if (canonical(there) !== canonical(reading)) {
                this.conflict(message.messageId, `reading ${offset + i} differs from the one sent before`);
            }
        });
        entry.had += fresh.length;
        this.readings += fresh.length;
        return fresh;
    }

    /** Boundaries once sent stay: a new part lies within those that it has readings in common with. */
    checkBoundaries(known, messageId, part) {
        if (!part) return;
        const crosses = ({ first, last }) =>
            part.first <= last && first <= part.last && (part.first < first || last < part.last);
        const crossed = known.parts.find(crosses);
        if (crossed) this.conflict(messageId, `crosses the part ${crossed.first}-${crossed.last} that was sent before`);
        known.parts.push(part);
    }

    compare(known, channel, message, id) {
        if (channel !== known.channel) this.conflict(message.messageId, `came on ${known.channel} and on ${channel}`);
        const of = id.part ? message.part.of : (message.readings?.length ?? 0);
        if (of !== known.slots.length)
            this.conflict(message.messageId, `has ${of} readings, before it had ${known.slots.length}`);
        if (id.part) return;
        const rest = canonical({ ...message, readings: undefined });
        if (known.rest !== null && rest !== known.rest)
            this.conflict(message.messageId, `differs from the one sent before: ${rest} / ${known.rest}`);
        Object.assign(known, { rest, isWhole: true, prev: message.prev });
    }

    conflict(messageId, problem) {
        this.conflicts.push({ gateway: this.gateway, messageId, problem });
    }

    /** Received messages by seq; of equal seqs (a restored file) the order is that of arrival. */
    sorted() {
        return [...this.entries.values()].sort((a, b) => a.seq - b.seq);
    }

    /** Every reading once, in the order of seq. */
    *allReadings() {
        for (const { slots } of this.sorted()) yield* slots.filter((reading) => reading !== undefined);
    }
}
