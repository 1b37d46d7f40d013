/**
 * Who is subscribed to what, and what each valid request does. Knows connections only by send(), may(), reaches() and
 * their subscriptions; it opens and closes nothing.
 */
import { matches } from './channels.mjs';

export class Hub {
    constructor({ maxChannels }) {
        this.maxChannels = maxChannels;
        this.connections = new Set();
    }

    add(connection) {
        this.connections.add(connection);
    }

    /** Forgets a connection and tells its channels. */
    remove(connection) {
        if (!this.connections.delete(connection)) return;
        for (const channel of connection.subscriptions.keys()) this.tellLeft(connection, channel);
        connection.subscriptions.clear();
    }

    /** Carries out a request. Returns null when it is to be acked, else the error code. `after` runs after the ack. */
    perform(connection, frame) {
        if (frame.type === 'subscribe') return this.subscribe(connection, frame);
        if (frame.type === 'unsubscribe') return this.unsubscribe(connection, frame);
        if (frame.type === 'publish') return this.publish(connection, frame);
        return this.sendDirect(connection, frame);
    }

    subscribe(connection, { channel, includeSenderMetadata }) {
        const problem = refusal(connection, 'subscribe', channel);
        if (problem) return problem;
        const isNew = !connection.subscriptions.has(channel);
        if (isNew && connection.subscriptions.size >= this.maxChannels) return 'channel_limit_exceeded';
        connection.subscriptions.set(channel, { includeSenderMetadata: includeSenderMetadata === true });
        if (isNew) this.tellJoined(connection, channel);
        return null;
    }

    /** What a subscriber that may see presence gets after its ack. */
    presenceOf(connection, channel) {
        const peers = new Map();
        for (const other of this.othersIn(connection, channel)) peers.set(other.peerId, describe(other));
        return { type: 'presence', channel, joined: [...peers.values()], left: [] };
    }

    unsubscribe(connection, { channel }) {
        if (connection.subscriptions.delete(channel)) this.tellLeft(connection, channel);
        return null;
    }

    publish(connection, { channel, data }) {
        const problem = refusal(connection, 'publish', escaped(channel));
        if (problem) return problem;
        const envelope = { type: 'message', channel, from: connection.peerId, data };
        const plain = JSON.stringify(envelope);
        for (const other of this.connections) {
            if (other === connection) continue;
            const [, options] = [...other.subscriptions].find(([pattern]) => matches(pattern, channel)) ?? [];
            if (options) other.send(options.includeSenderMetadata ? withMetadata(envelope, connection) : plain);
        }
        return null;
    }

    sendDirect(connection, { to, data }) {
        if (!connection.may('send')) return 'action_not_permitted';
        const receivers = [...this.connections].filter((other) => other.peerId === to);
        for (const other of receivers) other.send({ type: 'direct', from: connection.peerId, data });
        return receivers.length > 0 ? null : 'peer_not_found';
    }

    othersIn(connection, channel) {
        return [...this.connections].filter((other) => other !== connection && other.subscriptions.has(channel));
    }

    tellJoined(connection, channel) {
        this.tell(connection, channel, { joined: [describe(connection)], left: [] });
    }

    tellLeft(connection, channel) {
        this.tell(connection, channel, { joined: [], left: [describe(connection)] });
    }

    tell(connection, channel, change) {
        for (const other of this.othersIn(connection, channel)) {
            if (other.may('presence')) other.send({ type: 'presence', channel, ...change });
        }
    }
}

/** A channel name as the pattern that matches exactly this name. */
const escaped = (channel) => channel.replace(/[\\*]/g, '\\$&');

function refusal(connection, permission, channel) {
    if (!connection.may(permission)) return 'action_not_permitted';
    return connection.reaches(channel) ? null : 'channel_not_authorized';
}

function describe({ peerId, identity }) {
    return identity.peerMetadata ? { peerId, metadata: identity.peerMetadata } : { peerId };
}

function withMetadata(envelope, { identity }) {
    return identity.peerMetadata ? { ...envelope, fromMetadata: identity.peerMetadata } : envelope;
}
