/**
 * A final consumer on the official SDK: it stores what the fleet sends, and confirms what it has stored by receipts on
 * each gateway's commands channel, as `uplink.confirm: receipt` asks for. What it has stored outlives stop().
 */
import { parseId } from './ledger.mjs';
import { FleetSubscriber } from './subscriber.mjs';

/** So many intervals a gateway takes in one receipt. */
const mostIntervals = 4096;

/** Whole numbers as the intervals [first, last] that they fill. Pure. */
export function intervals(numbers) {
    const found = [];
    for (const number of [...numbers].sort((a, b) => a - b)) {
        const last = found.at(-1);
        if (last && number <= last[1] + 1) last[1] = number;
        else found.push([number, number]);
    }
    return found;
}

export class Consumer extends FleetSubscriber {
    /**
     * As a FleetSubscriber. It confirms every `confirmEveryMs`, unless `confirms` is false: then it only stores, and
     * confirms all of it when `confirms` is true again.
     */
    constructor({ confirmEveryMs = 100, ...options }) {
        super(options);
        Object.assign(this, { confirmEveryMs, confirms: true, receipts: 0 });
        this.stored = new Map(); // gateway → epoch → seqs that no receipt has confirmed yet
        this.on('arrival', (gateway, message) => this.note(gateway, parseId(message.messageId)));
    }

    async start() {
        await super.start();
        this.timer = setInterval(() => this.confirm(), this.confirmEveryMs);
        return this;
    }

    async stop() {
        clearInterval(this.timer);
        await super.stop();
    }

    /** Also what it has had for long: who sends again has not seen the receipt. */
    note(gateway, { epoch, seq }) {
        const { had, slots } = this.gateway(gateway).entries.get(`${epoch}:${seq}`);
        if (had === slots.length) this.unconfirmed(gateway, epoch).add(seq);
    }

    unconfirmed(gateway, epoch) {
        if (!this.stored.has(gateway)) this.stored.set(gateway, new Map());
        const epochs = this.stored.get(gateway);
        if (!epochs.has(epoch)) epochs.set(epoch, new Set());
        return epochs.get(epoch);
    }

    confirm() {
        if (!this.confirms) return;
        for (const [gateway, epochs] of this.stored) {
            for (const [epoch, seqs] of epochs) if (seqs.size > 0) this.sendReceipt(gateway, epoch, seqs);
        }
    }

    /** A receipt that gets lost is made good by the gateway, which sends again what it was about. */
    sendReceipt(gateway, epoch, seqs) {
        const some = intervals(seqs).slice(0, mostIntervals);
        for (const seq of [...seqs]) if (seq <= some.at(-1)[1]) seqs.delete(seq);
        this.receipts += 1;
        this.publish(`${this.prefix}/${gateway}/cmd`, { type: 'receipt', epoch, seqs: some }).catch(() => {});
    }
}
