/**
 * The life of one connection after the upgrade: welcome, the limits on every frame, the answer to each request, expiry,
 * and the faults that were ordered for these points.
 */
import { performance } from 'node:perf_hooks';
import { readFrame } from './frames.mjs';

const asText = {
    malformed_message: 'the frame is not a JSON object with a string type and a valid requestId',
    missing_data: 'data is required',
    action_not_permitted: 'the token lacks this permission',
    channel_not_authorized: 'the token does not reach this channel',
};

export class Session {
    /** `service` gives options, hub, faults, counters and now(). */
    constructor(service, connection) {
        this.service = service;
        this.connection = connection;
        this.peerId = connection.peerId;
        const { webSocket } = connection;
        webSocket.on('message', (bytes, isBinary) => this.onMessage(bytes, isBinary));
        webSocket.on('ping', () => this.spendToken());
        webSocket.on('error', (error) => this.onWebSocketError(error));
        webSocket.on('close', () => this.onClose());
    }

    /** Welcomes the peer, or not, as ordered. */
    begin() {
        const { faults } = this.service;
        const fault = faults.take('welcome', { peerId: this.peerId });
        const { exp } = this.connection.identity;
        if (exp) this.closeAtExpiry(exp);
        if (!fault) return this.welcome();
        if (fault.do === 'delay') return this.connection.later(fault.ms, () => this.welcome());
        if (fault.do === 'double') return [this.welcome(), this.welcome()];
        if (fault.do === 'malformed') return this.connection.send(fault.text ?? '{"type":"welcome","peerId":7}');
        return this.endAsOrdered(fault);
    }

    closeAtExpiry(exp) {
        const leftMs = exp * 1000 - this.service.now() - this.service.options.expiryLeadMs;
        this.connection.later(leftMs, () => this.close(4002, 'token expired'));
    }

    welcome() {
        const { connection, service } = this;
        const nowMs = service.now();
        connection.send({
            type: 'welcome',
            peerId: this.peerId,
            expiresAt: connection.identity.exp ?? null,
            serverTime: service.options.serverTimeUnit === 'ms' ? nowMs : Math.floor(nowMs / 1000),
            maxMessageSize: service.announcedSize ?? connection.maxMessageSize,
            ...(connection.identity.metadata ? { metadata: connection.identity.metadata } : {}),
        });
        service.counters.welcome(this.peerId, Date.now());
    }

    /** `reset` and `close` end the link; `omit`, `ignore` and `lose` leave it in silence. */
    endAsOrdered(fault) {
        if (fault.do === 'reset') this.connection.reset();
        if (fault.do === 'close') this.close(fault.code, fault.reason);
    }

    spendToken() {
        if (this.connection.closing) return false;
        if (this.connection.bucket.take(performance.now())) return true;
        this.close(4011, 'over the message rate', true);
        return false;
    }

    onMessage(bytes, isBinary) {
        if (this.connection.closing) return;
        this.service.counters.frame(this.peerId, bytes.length);
        if (bytes.length > this.connection.maxMessageSize) return void this.close(1009, 'message too big', true);
        if (!this.spendToken()) return;
        const text = isBinary ? '' : bytes.toString('utf8');
        const { frame, problem, requestId } = readFrame(text);
        if (problem) return void this.error(problem, requestId);
        if (this.faulty(frame, text)) return;
        if (frame.type === 'ping') this.connection.send({ type: 'pong' });
        else this.answer(frame, requestId);
    }

    /** Does what was ordered for this frame instead of what is right; false when nothing was ordered. */
    faulty(frame, text) {
        const { peerId } = this;
        const fault = this.service.faults.take(frame.type, { peerId, channel: frame.channel, text });
        if (!fault) return false;
        if (fault.do === 'error') this.error(fault.code, frame.requestId);
        else if (fault.do === 'swallow') this.ack(frame.requestId, frame.channel);
        else this.endAsOrdered(fault);
        return true;
    }

    answer(frame, requestId) {
        const { hub, counters } = this.service;
        const problem = hub.perform(this.connection, frame);
        if (problem) return void this.error(problem, requestId);
        if (frame.type === 'publish') {
            counters.publish(this.peerId, frame.channel);
            this.service.emit('publish', { from: this.peerId, channel: frame.channel, data: frame.data });
        }
        this.ack(requestId, frame.channel);
        if (frame.type === 'subscribe' && this.connection.may('presence')) {
            this.connection.send(hub.presenceOf(this.connection, frame.channel));
        }
    }

    ack(requestId, channel) {
        if (requestId === undefined) return undefined;
        const { peerId } = this;
        const fault = this.service.faults.take('ack', { peerId, channel });
        if (!fault) return this.sendAck(requestId);
        if (fault.do === 'delay') return this.connection.later(fault.ms, () => this.sendAck(requestId));
        if (fault.do === 'unknown') return this.sendAck(`${requestId}-unknown`);
        if (fault.do === 'double') return [this.sendAck(requestId), this.sendAck(requestId)];
        return this.endAsOrdered(fault);
    }

    sendAck(requestId) {
        this.connection.send({ type: 'ack', requestId });
        this.service.counters.ack(this.peerId);
    }

    error(code, requestId) {
        this.connection.send({ type: 'error', code, message: asText[code] ?? code, requestId });
        this.service.counters.error(this.peerId, code);
    }

    /** Closes; `earned` says that the client broke a limit. */
    close(code, reason, earned = false) {
        if (this.connection.closing) return;
        this.service.counters.close(this.peerId, code, earned);
        this.connection.close(code, reason);
    }

    /** `ws` has already sent the close frame for what it finds wrong itself. */
    onWebSocketError(error) {
        const codes = { WS_ERR_INVALID_UTF8: 1007, WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009 };
        this.service.counters.close(this.peerId, codes[error.code] ?? 1002, true);
        this.connection.stop();
    }

    onClose() {
        this.connection.stop();
        this.service.forget(this);
    }
}
