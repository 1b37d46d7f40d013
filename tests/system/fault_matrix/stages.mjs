/** Surroundings of a gateway's own: a name server that it alone asks, a network that it alone has. Both need root. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

import { NameServer } from '../../support/cloud/names.mjs';

export const whyNoStage = () => (process.getuid() === 0 ? false : 'needs root, for a namespace of its own');

const name = 'cloud.fieldlink.test';
let lastNumber = process.pid;
/** Tells stages of one run, and nearly always those of two, apart. */
const number = () => { lastNumber = (lastNumber + 1) % 256; return lastNumber; };

/** Sees $1/resolv.conf and $1/hosts in the place of this machine's. */
const bindNames = 'mount --bind "$1/resolv.conf" /etc/resolv.conf && mount --bind "$1/hosts" /etc/hosts && shift && exec "$@"';

/** The service has a name, and the gateway asks for it at a server of its own, which begins in this `mood`. */
export const names = (mood, more) => ({
    async open() {
        const server = await new NameServer({ name, host: `127.53.0.${number() + 1}`, mood, ...more }).start();
        const directory = mkdtempSync(`${tmpdir()}/fieldlink-names-`);
        writeFileSync(`${directory}/resolv.conf`, `nameserver ${server.host}\n`);
        writeFileSync(`${directory}/hosts`, '127.0.0.1 localhost\n');
        const close = async () => { await server.stop(); rmSync(directory, { recursive: true }); };
        return {
            server, close, inside: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', bindNames, 'sh', directory],
            uplink: ({ cloud }) => ({ url: `wss://${name}:${cloud.listener.port}` }),
        };
    },
});

export const answersNames = ({ stage }) => { stage.server.mood = 'right'; };
/** The trouble is each question. */
export const asksNames = ({ stage }) => Object.assign(stage.server, { left: 0 });

const ip = (...args) => execFileSync('ip', args.join(' ').split(' '), { stdio: ['ignore', 'ignore', 'inherit'] });
const left = new Set();
process.on('exit', () => left.forEach((space) => ip('netns del', space)));

/** A line of two ends: the service is at 10.213.N.1, the gateway at 10.213.N.2 in a network namespace of its own. */
class Line {
    constructor() {
        this.net = `10.213.${number()}`;
        this.space = `fieldlink-${process.pid}-${lastNumber}`;
        const here = `fl${lastNumber}-${process.pid % 100_000}`;
        ip('netns add', this.space);
        left.add(this.space);
        ip('link add', here, 'type veth peer name eth0 netns', this.space);
        ip('address add', `${this.net}.1/24 dev`, here);
        ip('link set', here, 'addrgenmode none');
        ip('link set', here, 'up');
        this.#there('link set lo up');
        this.#there('link set eth0 up');
        this.arrive(2);
        this.inside = ['ip', 'netns', 'exec', this.space];
        this.cloud = { host: `${this.net}.1` };
    }

    #there(command) { ip('-n', this.space, command); }

    arrive(host) { this.#there(`address add ${this.net}.${host}/24 dev eth0`); }
    leave(host) { this.#there(`address del ${this.net}.${host}/24 dev eth0`); }

    /** Packets leave for nobody; nothing tells the sender. */
    swallow() { this.#there(`neighbour replace ${this.net}.1 lladdr 02:00:00:00:00:01 nud permanent dev eth0`); }
    deliver() { this.#there(`neighbour del ${this.net}.1 dev eth0`); }

    remove() {
        left.delete(this.space);
        ip('netns del', this.space);
    }
}

const prepared = [];
const used = [];

/** A line that prepareLines() made. */
export const line = {
    open: async () => {
        used.push(prepared.pop());
        return used.at(-1);
    },
};

/**
 * Lines come before the first gateway and go after the last: a new interface is news to every gateway on this machine, which
 * would try again sooner than its row expects.
 */
export function prepareLines(rows) {
    for (const { stage } of rows) if (stage === line) prepared.push(new Line());
}

export function removeLines() {
    for (const one of [...prepared.splice(0), ...used.splice(0)]) one.remove();
}
