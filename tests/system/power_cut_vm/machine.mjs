import { execFile } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Child } from '../../support/harness/child.mjs';
import { inTime } from '../../support/harness/until.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));

/**
 * A virtual machine with a kernel and an ext4 disk of its own, in which the gateway runs (see init). It can lose its power:
 * what the kernel in it has not yet written to the disk is then gone.
 */
export class Machine {
    /** Builds what it boots from out of `build`, with the kernel that is kept in `cache`; makes its disk in `directory`. */
    static async create({ build, cache, directory, ports }) {
        await run(`${here}/image`, [build, cache]);
        const machine = new Machine(cache, directory, ports);
        writeFileSync(machine.disk, '');
        truncateSync(machine.disk, 64 * 1024 * 1024);
        await run('mkfs.ext4', ['-q', machine.disk]);
        return machine;
    }

    constructor(cache, directory, ports) {
        this.cache = cache;
        this.disk = `${directory}/disk.img`;
        this.logPath = `${directory}/console.err`;
        this.ports = ports;
        this.log = [];
    }

    /** Switches it on. `onStatus` is called with every status that the gateway in it reports. */
    start(onStatus) {
        this.child = new Child('qemu-system-x86_64', [
            '-accel', 'tcg', '-machine', 'q35', '-m', '384', '-nodefaults', '-no-user-config', '-no-reboot',
            '-display', 'none', '-serial', 'stdio',
            '-kernel', `${this.cache}/vmlinuz`, '-initrd', `${this.cache}/initrd`,
            '-append', `console=ttyS0 quiet panic=-1 ports=${this.ports.cloud},${this.ports.provisioning}`,
            '-drive', `file=${this.disk},format=raw,if=virtio`,
            '-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile=',
        ], { log: this.logPath });
        this.ended = this.#listen(onStatus);
    }

    /** What the gateway's status was when it ended by itself; undefined when the machine did. */
    async #listen(onStatus) {
        const { child } = this;
        for (;;) {
            const line = await child.nextLine().catch(() => undefined);
            if (line === undefined) return undefined;
            const [, word, rest] = /^(?:.*\x1b\[\S*)?(STATUS|ENDED) (.*?)\r?$/.exec(line) ?? [];
            if (word === 'STATUS') whole(rest, onStatus);
            else if (word === 'ENDED') return Number(rest);
            else this.log.push(line);
        }
    }

    get running() { return this.child.running; }

    async cutPower() {
        await this.child.stop('SIGKILL');
    }

    /** Ends the gateway by SIGTERM and then the machine; returns the gateway's exit status. */
    async shutDown() {
        this.child.write('stop\n');
        const status = await inTime('the gateway in the machine ends', this.ended, 60_000);
        await inTime('the machine ends', this.child.ended, 60_000);
        return status;
    }

    /** Copies a file out of its disk; only while it is off. */
    async copyOut(file, to) {
        await run('debugfs', ['-R', `dump /${file} ${to}`, this.disk]);
    }
}

/** Parses a status. One that the power cut ended, or that another line was printed into, is none. */
function whole(text, use) {
    let status;
    try {
        status = JSON.parse(text);
    } catch {
        return;
    }
    use(status);
}
