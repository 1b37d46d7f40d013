/**
 * A name server for one name, over UDP, that can misbehave: what a resolver asks on port 53 of a loopback address of its
 * own. It answers A with `address` and everything else about the name with nothing.
 */
import dgram from 'node:dgram';

const flags = { right: 0x8180, nxdomain: 0x8183, servfail: 0x8182 };
const typeA = 1;

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

function reply(query, question, code, addresses) {
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(addresses.length, 6);
    // The name is that of the question (0xc00c), class IN, kept for 0 s, 4 bytes.
    const records = addresses.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.')]));
    return Buffer.concat([head, question.bytes, ...records]);
}

export class NameServer {
    /** `mood`: right, nxdomain, servfail or silence; may be changed at any time. `hits` counts queries, `lastAt` is Unix ms. */
    constructor({ name, address = '127.0.0.1', host, port = 53, mood = 'right' }) {
        Object.assign(this, { name, address, host, port, mood, hits: 0 });
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
        const addresses = isOurs && this.mood === 'right' && question.type === typeA ? [this.address] : [];
        const code = isOurs ? flags[this.mood] : flags.nxdomain;
        this.socket.send(reply(query, question, code, addresses), port, address);
    }
}
