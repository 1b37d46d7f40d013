/** What the service has seen, in all and for each peer; plain data, so that it can be printed and asserted on. */

const violationCodes = new Set([1002, 1007, 1009, 4011]);

function blank() {
    return {
        connects: 0,
        welcomes: 0,
        framesIn: 0,
        bytesIn: 0,
        largestFrame: 0,
        acks: 0,
        errors: {},
        publishes: {},
        violations: {},
        closes: {},
        connectTimes: [],
        welcomeTimes: [],
    };
}

const bump = (table, key) => {
    table[key] = (table[key] ?? 0) + 1;
};

export class Counters {
    constructor() {
        this.total = blank();
        this.peers = {};
        this.refused = {};
        this.acceptTimes = [];
    }

    /** The counters of one peer; they are there from the first question on. */
    of(peerId) {
        this.peers[peerId] ??= blank();
        return this.peers[peerId];
    }

    each(peerId, change) {
        change(this.total);
        change(this.of(peerId));
    }

    /** A TCP connection, from whomever: a fault may end it before anybody knows. `at` is Unix time in ms. */
    accept(at) {
        this.acceptTimes.push(at);
    }

    /** An upgrade that was answered with an HTTP status instead. */
    refuse(status) {
        bump(this.refused, status);
    }

    /** A connection attempt with a credential that names `peerId`, whatever became of it; `at` is Unix time in ms. */
    connect(peerId, at) {
        this.each(peerId, (counters) => {
            counters.connects += 1;
            counters.connectTimes.push(at);
        });
    }

    welcome(peerId, at) {
        this.each(peerId, (counters) => {
            counters.welcomes += 1;
            counters.welcomeTimes.push(at);
        });
    }

    frame(peerId, bytes) {
        this.each(peerId, (counters) => {
            counters.framesIn += 1;
            counters.bytesIn += bytes;
            counters.largestFrame = Math.max(counters.largestFrame, bytes);
        });
    }

    publish(peerId, channel) {
        this.each(peerId, (counters) => bump(counters.publishes, channel));
    }
    ack(peerId) {
        this.each(peerId, (counters) => {
            counters.acks += 1;
        });
    }
    error(peerId, code) {
        this.each(peerId, (counters) => bump(counters.errors, code));
    }

    /** The service closes a connection; `earned` when the client broke a limit, not when a test ordered the code. */
    close(peerId, code, earned) {
        this.each(peerId, (counters) => {
            bump(counters.closes, code);
            if (earned && violationCodes.has(code)) bump(counters.violations, code);
        });
    }
}
