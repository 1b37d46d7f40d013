/**
 * The fleet's consumer in tests and in the demo: the official SDK, unmodified, subscribed to `fleet/**`. It takes every
 * message once, judges whether anything is missing, and sends commands.
 */
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignallingClient } from '@metered-ca/realtime';
import WebSocket from 'ws';
import { GatewayLedger, parseId, shapeProblem } from './ledger.mjs';
import { judge } from './verify.mjs';

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

export class FleetSubscriber extends EventEmitter {
    /**
     * `url`: the service's origin. `token()`: mints a backend token, called before every connect; its `sub` should
     * begin with `backend`, so that the service's faults spare it, and its `exp` be far, because a connection that is
     * closed by expiry misses messages. `caFile`: for wss. `prefix`: the first segment of all channels.
     *
     * Emits `message` (gateway, channel, message) for each new one, `readings` (gateway, readings) likewise, `arrival`
     * (gateway, message) for every well-formed one, and `result` (gateway, result) for every result, repeats included.
     */
    constructor({ url, token, caFile, prefix = 'fleet' }) {
        super();
        this.prefix = prefix;
        this.gateways = new Map();
        this.malformed = [];
        this.others = [];
        this.interruptions = 0;
        const ca = caFile ? readFileSync(caFile) : undefined;
        this.clientOptions = {
            url,
            tokenProvider: async () => token(),
            webSocketFactory: (address) => new WebSocket(address, { ca, perMessageDeflate: false }),
        };
    }

    /**
     * Connects and subscribes; resolves when the service has acked the subscription. After stop() it may be started
     * again, and still has what it received.
     */
    async start() {
        this.client = new SignallingClient(this.clientOptions);
        this.client.on('message', (event) => this.take(event));
        this.client.on('disconnected', ({ code }) => {
            if (code !== 1000) this.interruptions += 1;
        });
        await this.client.connect();
        await this.client.subscribe(`${this.prefix}/**`);
        return this;
    }

    async stop() {
        await this.client.close();
    }

    /** The ledger of one gateway; empty before its first message. */
    gateway(name) {
        if (!this.gateways.has(name)) this.gateways.set(name, new GatewayLedger(name));
        return this.gateways.get(name);
    }

    take({ channel, from, data }) {
        if (!isObject(data) || !Array.isArray(data.messages)) return this.takeOne(channel, from, data);
        if (Object.keys(data).length !== 1 || data.messages.length < 2) {
            const problem = `an envelope of ${data.messages.length} with the keys ${Object.keys(data)}`;
            this.malformed.push({ channel, problem });
        }
        return data.messages.forEach((message) => this.takeOne(channel, from, message));
    }

    takeOne(channel, from, message) {
        if (!isObject(message) || !('messageId' in message))
            return void this.others.push({ channel, from, data: message });
        const id = parseId(message.messageId);
        const problem = id ? shapeProblem(message, id) : `${JSON.stringify(message.messageId)} is no messageId`;
        if (problem) return void this.malformed.push({ channel, problem });
        const ledger = this.gateway(id.gateway);
        const before = ledger.messages;
        const readings = ledger.record(channel, message, id);
        if (ledger.messages > before) this.emit('message', id.gateway, channel, message);
        if (readings.length > 0) this.emit('readings', id.gateway, readings);
        this.emit('arrival', id.gateway, message);
        if (message.result) this.emit('result', id.gateway, message.result);
    }

    /** Publishes data to any channel as this backend. */
    publish(channel, data) {
        return this.client.publish(channel, data);
    }

    /**
     * Sends a command and resolves with its `result`. It is sent again every `repeatMs` until the result comes, as a
     * careful sender does; rejects after `timeoutMs`.
     */
    async command(gateway, command, { timeoutMs = 15000, repeatMs = 2000 } = {}) {
        const whole = { id: `c-${randomUUID()}`, ...command };
        const end = new AbortController();
        const timer = setTimeout(
            () => end.abort(new Error(`no result of ${whole.type} ${whole.id} in ${timeoutMs} ms`)),
            timeoutMs,
        );
        const result = this.resultOf(gateway, whole.id, end.signal);
        this.repeat(`${this.prefix}/${gateway}/cmd`, whole, repeatMs, end.signal);
        try {
            return await result;
        } catch (error) {
            throw end.signal.reason ?? error;
        } finally {
            clearTimeout(timer);
            end.abort();
        }
    }

    async resultOf(gateway, id, signal) {
        for (;;) {
            const [from, result] = await once(this, 'result', { signal });
            if (from === gateway && result.id === id) return result;
        }
    }

    async repeat(channel, data, everyMs, signal) {
        while (!signal.aborted) {
            this.publish(channel, data).catch(() => {});
            await sleep(everyMs, undefined, { signal }).catch(() => {});
        }
    }

    /**
     * Judges everything received. `firstSeq` null: the subscriber came late. `lastSeq`: {gateway: seq} where known.
     * `ok` is true when nothing is missing without a record, in pieces, contradictory or misshapen.
     */
    verify({ firstSeq = 1, lastSeq = {} } = {}) {
        const ledgers = [...this.gateways.values()];
        const verdicts = ledgers.map((ledger) => judge(ledger, { firstSeq, lastSeq: lastSeq[ledger.gateway] }));
        const all = {
            holes: verdicts.flatMap(({ holes }) => holes),
            incomplete: verdicts.flatMap(({ incomplete }) => incomplete),
            chain: verdicts.flatMap(({ chain }) => chain),
            conflicts: ledgers.flatMap(({ conflicts }) => conflicts),
            malformed: [...this.malformed],
        };
        const overcounted = verdicts.reduce((sum, verdict) => sum + verdict.overcounted, 0);
        return { ok: Object.values(all).every((list) => list.length === 0), ...all, overcounted };
    }
}
