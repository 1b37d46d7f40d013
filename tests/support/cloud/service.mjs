/**
 * The simulated channel service, written from docs/wire-protocol.md. It keeps the service's promises, enforces its
 * limits, counts what it sees, and goes wrong on order: by faults.order() (see faults.mjs) at a point of a connection's
 * life, or by the methods below at once.
 *
 * Faults spare the peers in `spare` (by default `backend*`, the test's own subscriber) unless they are named in `only`:
 * the service keeps nothing, so a subscriber that is cut off would itself be the loss.
 */
import { EventEmitter } from 'node:events';
import { performance } from 'node:perf_hooks';
import { WebSocketServer } from 'ws';
import { answerInstead, identify } from './admission.mjs';
import { Connection } from './connection.mjs';
import { Counters } from './counters.mjs';
import { FaultBook } from './faults.mjs';
import { Hub } from './hub.mjs';
import { signToken } from './jwt.mjs';
import { ConnectWindow } from './limits.mjs';
import { inUrl, Listener, misbehave } from './listener.mjs';
import { noise } from './noise.mjs';
import { Session } from './session.mjs';

const defaults = {
    host: '127.0.0.1',
    port: 0,
    tls: null, // {key, cert} in PEM: the port speaks wss instead of ws
    secret: 'channel-service-secret',
    keys: {}, // pk_live_… → {channels, permissions, peerId?}
    badCredential: 'status', // answered by an HTTP status, or 'close': upgraded, then 4001, 4002 or 4003
    maxMessageSize: 65536,
    rate: 100,
    burst: 200,
    connectAttempts: 60,
    connectWindowMs: 60000,
    maxConnections: Infinity,
    maxChannels: 100,
    serverTimeUnit: 's', // or 'ms'
    clockOffsetMs: 0, // the service's clock against this machine's
    pingEveryMs: 30000,
    expiryLeadMs: 250,
    spare: ['backend*'],
};

/** A frame over this never reaches our own check: `ws` refuses it with 1009 before it fills the memory. */
const hardFrameLimit = 8 * 1024 * 1024;

export class ChannelService extends EventEmitter {
    /** Emits `publish` {from, channel, data}, `open` and `close` {peerId}. */
    constructor(options = {}) {
        super();
        this.options = { ...defaults, ...options };
        this.counters = new Counters();
        this.faults = new FaultBook(this.options.spare);
        this.hub = new Hub({ maxChannels: this.options.maxChannels });
        this.window = new ConnectWindow(this.options.connectAttempts, this.options.connectWindowMs);
        this.maxMessageSize = this.options.maxMessageSize;
        this.announcedSize = null; // null: what is announced is what is enforced
        this.sessions = new Set();
        this.upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: hardFrameLimit });
        const { host, port, tls } = this.options;
        this.listener = new Listener({
            host,
            port,
            tls,
            onAccept: () => this.counters.accept(Date.now()),
            takeFault: (at) => this.faults.take(at),
            onRequest: (request, response) => response.writeHead(404).end(),
            onUpgrade: (request, socket, head) => this.admit(request, socket, head),
        });
    }

    async start() {
        await this.listener.listen();
        this.pinger = setInterval(
            () => this.sessions.forEach(({ connection }) => connection.ping()),
            this.options.pingEveryMs,
        );
        return this;
    }

    async stop() {
        clearInterval(this.pinger);
        clearTimeout(this.thawTimer);
        this.sessions.forEach(({ connection }) => connection.stop());
        await this.listener.close();
    }

    /** The origin that a client is configured with; it appends /v1. */
    get url() {
        return `${this.options.tls ? 'wss' : 'ws'}://${inUrl(this.options.host)}:${this.listener.port}`;
    }

    /** The service's clock, Unix time in ms. */
    now() {
        return Date.now() + this.options.clockOffsetMs;
    }

    /** A token as the provisioning service would mint it; `claims` replaces any of the claims. */
    token(peerId, { lifetimeSeconds = 3600, ...claims } = {}) {
        const exp = Math.floor(this.now() / 1000) + lifetimeSeconds;
        const channels = [`fleet/${peerId}/**`];
        return signToken(
            { sub: peerId, channels, permissions: ['publish', 'subscribe'], exp, ...claims },
            this.options.secret,
        );
    }

    admit(request, socket, head) {
        socket.on('error', () => {});
        const url = new URL(request.url, 'http://service');
        const { secret, keys } = this.options;
        const found = identify(url, { secret, keys, nowMs: this.now() });
        const peerId = found.identity?.peerId ?? found.peerId ?? 'nobody';
        this.counters.connect(peerId, Date.now());
        if (url.pathname !== '/v1') return this.refuse(socket, 404);
        if (!this.window.admit(request.socket.remoteAddress, performance.now())) return this.refuse(socket, 429);
        const fault = this.faults.take('upgrade', { peerId });
        if (fault?.do === 'answer') return this.refuse(socket, fault.status, fault);
        if (fault?.do === 'reset') return this.listener.reset(socket);
        if (fault) return misbehave(socket, fault);
        if (!found.identity && this.options.badCredential === 'status') return this.refuse(socket, found.status);
        return this.upgrader.handleUpgrade(request, socket, head, (webSocket) => this.onOpen(webSocket, socket, found));
    }

    refuse(socket, status, answer) {
        this.counters.refuse(status);
        answerInstead(socket, status, answer);
    }

    onOpen(webSocket, socket, { identity, closeCode, peerId }) {
        if (!identity) {
            this.counters.close(peerId ?? 'nobody', closeCode, false);
            webSocket.on('error', () => {});
            return webSocket.close(closeCode);
        }
        const { rate, burst } = this.options;
        const { maxMessageSize } = this;
        const reset = () => this.listener.reset(socket);
        const session = new Session(this, new Connection(webSocket, identity, { maxMessageSize, rate, burst, reset }));
        if (this.sessions.size >= this.options.maxConnections) return session.close(4010, 'too many connections');
        this.sessions.add(session);
        this.hub.add(session.connection);
        this.emit('open', { peerId: identity.peerId });
        return session.begin();
    }

    forget(session) {
        if (!this.sessions.delete(session)) return;
        this.hub.remove(session.connection);
        this.emit('close', { peerId: session.peerId });
    }

    /** The sessions that an order means: those of `only` (a peer id pattern), else all that are not spared. */
    aimedAt({ only } = {}) {
        return [...this.sessions].filter(({ peerId }) => this.faults.aimsAt({ only }, peerId));
    }

    /** Peer ids that are connected now. */
    get online() {
        return [...this.sessions].map(({ peerId }) => peerId);
    }

    /** Resets the links; with `forMs` the port then refuses everybody for that long. */
    cut({ only, forMs = 0 } = {}) {
        if (forMs > 0) this.listener.refuse(forMs);
        this.aimedAt({ only }).forEach(({ connection }) => connection.reset());
    }

    /** Stops reading (`in`), answering (`out`) or both on the links, for `forMs` or until thaw(). */
    freeze({ only, direction = 'both', forMs } = {}) {
        this.aimedAt({ only }).forEach(({ connection }) => connection.freeze(direction));
        clearTimeout(this.thawTimer);
        if (forMs !== undefined) this.thawTimer = setTimeout(() => this.thaw(), forMs);
    }

    thaw() {
        this.sessions.forEach(({ connection }) => connection.thaw());
    }

    /** Closes the links with `code`. */
    close(code, { only, reason = '' } = {}) {
        this.aimedAt({ only }).forEach((session) => session.close(code, reason));
    }

    /** Announces a deploy, then closes with 1001. */
    goingAway(retryAfterMs, { only, closeAfterMs = 100 } = {}) {
        for (const session of this.aimedAt({ only })) {
            session.connection.send({ type: 'going_away', retryAfterMs });
            session.connection.later(closeAfterMs, () => session.close(1001, 'going away'));
        }
    }

    /** Sends frames that no client should have to expect; `kind` is a key of noise.mjs. */
    sendNoise(kind, { only } = {}) {
        if (!Object.hasOwn(noise, kind)) throw new Error(`noise: one of ${Object.keys(noise).join(', ')}`);
        this.aimedAt({ only }).forEach(({ connection }) => noise[kind](connection));
    }

    /** Sends a text or an object as it is. */
    sendFrame(frame, { only } = {}) {
        this.aimedAt({ only }).forEach(({ connection }) => connection.send(frame));
    }

    /** A service that speaks TLS shows another certificate from now on; connections that exist go on. */
    setCertificate(certificate) {
        this.listener.setCertificate(certificate);
    }

    /**
     * The limit that later welcomes announce; with `enforceNow` open connections are held to it, unannounced. Without
     * `announce` later ones are held to it as well, and are told the limit that was in force before.
     */
    setMaxMessageSize(bytes, { enforceNow = false, announce = true } = {}) {
        this.announcedSize = announce ? null : (this.announcedSize ?? this.maxMessageSize);
        this.maxMessageSize = bytes;
        if (enforceNow)
            this.sessions.forEach(({ connection }) => {
                connection.maxMessageSize = bytes;
            });
    }

    /** Publishes as the holder of a secret key may by REST: `from` is whatever the caller says. */
    publishAs(from, channel, data) {
        const identity = { channels: ['**'], permissions: ['publish'] };
        const poster = { peerId: from, identity, may: () => true, reaches: () => true };
        return this.hub.publish(poster, { channel, data });
    }
}
