/**
 * A name server for one name, over UDP, that can misbehave: what a resolver asks on port 53 of a loopback address of its
 * own. It answers A with `address`, AAAA with ::1 when told to, and everything else about the name with nothing.
 */
import dgram from 'node:dgram';

const flags = { right: 0x8180, nxdomain: 0x8183, servfail: 0x8182 };
const typeA = 1;
const typeAaaa = 28;
const loopback6 = [...new Array(15).fill(0), 1];

/** The question of a query as it stands, its name and its type. */
function readQuestion(query) {
    const labels = [];
    let at = 12;
    while (query[at] !== 0) {
        labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
        at += 1 + query[at];
    }
    return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), bytes: query.subarray(12, at + 5) };
}

/** `addresses`: lists of bytes, all of the type that was asked for. */
function reply(query, question, code, addresses) {
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(addresses.length, 6);
    // The name is that of the question (0xc00c), class IN, kept for 0 s.
    const record = (bytes) => Buffer.from([0xc0, 12, 0, question.type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]);
    return Buffer.concat([head, question.bytes, ...addresses.map(record)]);
}

export class NameServer {
    /**
     * `mood`: right, nxdomain, servfail or silence; may be changed at any time. `hits` counts queries, of which `firstAt` and
     * `lastAt` tell the time in Unix ms.
     */
    constructor({ name, address = '127.0.0.1', ipv6 = false, host, port = 53, mood = 'right' }) {
        Object.assign(this, { name, address, ipv6, host, port, mood, hits: 0 });
        this.socket = dgram.createSocket('udp4');
        this.socket.on('message', (query, from) => this.answer(query, from));
    }

    async start() {
        await new Promise((resolve, reject) => {
            this.socket.once('error', reject);
            this.socket.bind(this.port, this.host, resolve);
        });
        this.port = this.socket.address().port;
        return this;
    }

    stop() {
        return new Promise((resolve) => {
            this.socket.close(resolve);
        });
    }

    answer(query, { address, port }) {
        this.hits += 1;
        this.lastAt = Date.now();
        this.firstAt ??= this.lastAt;
        if (this.mood === 'silence') return;
        const question = readQuestion(query);
        const isOurs = question.name === this.name;
        const addresses = isOurs && this.mood === 'right' ? this.addressesOf(question.type) : [];
        const code = isOurs ? flags[this.mood] : flags.nxdomain;
        this.socket.send(reply(query, question, code, addresses), port, address);
    }

    addressesOf(type) {
        if (type === typeA) return [this.address.split('.').map(Number)];
        return type === typeAaaa && this.ipv6 ? [loopback6] : [];
    }
}
