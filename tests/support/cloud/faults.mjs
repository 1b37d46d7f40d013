/**
 * The book of ordered faults: which wrong thing the service does, at which point of a connection's life, to whom, and
 * how often. Pure: the service asks `take()` at each point and does what the order says.
 *
 * Points and what can be done there (`at` / `do`):
 *   accept     a TCP connection was accepted           reset, silence
 *   bytes      its first bytes came (TLS hello)        reset, silence, garbage {text?}
 *   upgrade    the HTTP request was read               reset, silence, garbage {text?},
 *                                                      answer {status, headers?, body?}
 *   welcome    the WebSocket is open                   omit, delay {ms}, double, malformed {text?}, reset, close {code}
 *   subscribe, unsubscribe, publish, send, ping        error {code}, ignore, reset, close {code}
 *   publish                                            swallow: acked, but delivered to nobody
 *   ack        an ack is about to be sent              lose, delay {ms}, double, unknown, reset, close {code}
 *
 * Every order may have: times (default 1; null for ever), probability (default 1), only (peer id pattern; default every
 * peer that is not spared), channel (pattern), contains (text that the client's frame must contain).
 *
 * An order that was taken tells what came of it: `hits`, `firstAt` and `lastAt` (Unix ms), and `frame`, the last that
 * it hit.
 */
import { matches } from './channels.mjs';

const actions = {
    accept: ['reset', 'silence'],
    bytes: ['reset', 'silence', 'garbage'],
    upgrade: ['reset', 'silence', 'garbage', 'answer'],
    welcome: ['omit', 'delay', 'double', 'malformed', 'reset', 'close'],
    subscribe: ['error', 'ignore', 'reset', 'close'],
    unsubscribe: ['error', 'ignore', 'reset', 'close'],
    publish: ['error', 'ignore', 'reset', 'close', 'swallow'],
    send: ['error', 'ignore', 'reset', 'close'],
    ping: ['error', 'ignore', 'reset', 'close'],
    ack: ['lose', 'delay', 'double', 'unknown', 'reset', 'close'],
};

export class FaultBook {
    /** `spare`: peer id patterns that are never hit unless an order names them in `only`. */
    constructor(spare = [], random = Math.random, now = Date.now) {
        this.spare = spare;
        this.random = random;
        this.now = now;
        this.orders = [];
    }

    /**
     * Takes an order and returns it with its count of `hits`. Throws on one that could never be carried out, so that a
     * test cannot pass by a typing error.
     */
    order(order) {
        const known = actions[order.at];
        if (!known) throw new Error(`at: "${order.at}" is no point; one of ${Object.keys(actions).join(', ')}`);
        if (!known.includes(order.do)) throw new Error(`do: at "${order.at}" one of ${known.join(', ')}`);
        const isBlind = order.at === 'accept' || order.at === 'bytes';
        if (isBlind && order.only !== undefined) throw new Error(`only: at "${order.at}" nobody knows yet who it is`);
        const kept = { probability: 1, ...order, left: order.times === null ? Infinity : (order.times ?? 1), hits: 0 };
        this.orders.push(kept);
        return kept;
    }

    /** The first order that applies, used up by one; null when all is well. */
    take(at, { peerId, channel, text } = {}) {
        const found = this.orders.find(
            (order) =>
                order.at === at &&
                order.left > 0 &&
                this.aimsAt(order, peerId) &&
                (order.channel === undefined || (channel !== undefined && matches(order.channel, channel))) &&
                (order.contains === undefined || (text !== undefined && text.includes(order.contains))) &&
                this.random() < order.probability,
        );
        if (!found) return null;
        found.left -= 1;
        found.hits += 1;
        found.lastAt = this.now();
        found.firstAt ??= found.lastAt;
        found.frame = text;
        return found;
    }

    /** Is `peerId` meant? Before the credential is read the peer is not known; such orders hit whoever comes. */
    aimsAt(order, peerId) {
        if (order.only !== undefined) return peerId !== undefined && matches(order.only, peerId);
        return peerId === undefined || !this.spare.some((pattern) => matches(pattern, peerId));
    }

    /** Forgets the orders for one point, or all of them. */
    clear(at) {
        this.orders = this.orders.filter((order) => at !== undefined && order.at !== at);
    }
}
