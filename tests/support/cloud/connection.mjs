/**
 * One client's WebSocket as the service sees it: who it is, what it may do, its message rate, and the ways in which a
 * test can make it go wrong. It decides nothing about channels; that is the hub's work.
 */
import { TokenBucket } from './limits.mjs';
import { allows } from './channels.mjs';

const longestTimerMs = 2 ** 31 - 1;

export class Connection {
    /**
     * `identity`: {peerId, channels, permissions, exp?, metadata?, peerMetadata?}. `reset()` must end the TCP
     * connection without a goodbye.
     */
    constructor(webSocket, identity, { maxMessageSize, rate, burst, reset }) {
        this.webSocket = webSocket;
        this.identity = identity;
        this.peerId = identity.peerId;
        this.maxMessageSize = maxMessageSize;
        this.bucket = new TokenBucket(rate, burst);
        this.resetSocket = reset;
        this.subscriptions = new Map();
        this.closing = false;
        this.heldOutput = null;
        this.timers = new Set();
    }

    may(permission) {
        return this.identity.permissions.includes(permission);
    }

    /** May it use `channel`, which for a subscription may be a pattern? */
    reaches(channel) {
        return this.identity.channels.some((pattern) => allows(pattern, channel));
    }

    /** Sends an object, or a text as it is. */
    send(frame) {
        this.sendRaw(typeof frame === 'string' ? frame : JSON.stringify(frame));
    }

    /** Sends text, bytes (as a binary frame) or, with `{fin: false}`, a fragment. Frozen output waits for thaw(). */
    sendRaw(payload, options = {}) {
        if (this.closing) return;
        if (this.heldOutput) this.heldOutput.push([payload, options]);
        else this.webSocket.send(payload, { compress: false, ...options }, () => {});
    }

    /** A WebSocket ping, unless frozen. */
    ping() {
        if (!this.heldOutput && !this.closing) this.webSocket.ping(undefined, undefined, () => {});
    }

    /** Runs `action` after `ms` unless the connection ends before. */
    later(ms, action) {
        const timer = setTimeout(
            () => {
                this.timers.delete(timer);
                if (ms > longestTimerMs) this.later(ms - longestTimerMs, action);
                else action();
            },
            Math.min(Math.max(ms, 0), longestTimerMs),
        );
        this.timers.add(timer);
    }

    /** `in` stops reading (the kernel's buffers still fill), `out` holds every answer back, `both` does both. */
    freeze(direction) {
        if (direction !== 'out') this.webSocket.pause();
        if (direction !== 'in') this.heldOutput ??= [];
    }

    /** Reads again and sends what was held back. */
    thaw() {
        this.webSocket.resume();
        const held = this.heldOutput ?? [];
        this.heldOutput = null;
        for (const [payload, options] of held) this.sendRaw(payload, options);
    }

    /** Closes with a close frame. Codes that a program may not send (1006 and the like) throw in `ws`. */
    close(code, reason = '') {
        this.stop();
        this.webSocket.resume();
        this.webSocket.close(code, reason);
    }

    /** Ends the TCP connection without any goodbye: the client sees 1006. */
    reset() {
        this.stop();
        this.resetSocket();
        this.webSocket.terminate();
    }

    stop() {
        this.closing = true;
        for (const timer of this.timers) clearTimeout(timer);
        this.timers.clear();
    }
}
