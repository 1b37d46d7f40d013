import { execFile, execFileSync } from 'node:child_process';
import {
    closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync, statfsSync, statSync, truncateSync,
    writeFileSync, writeSync,
} from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const mounted = new Set();

/** Lazily: a program under test may still have files open there. */
function unmountNow(mountPoint) {
    execFileSync('umount', ['--lazy', mountPoint], { stdio: 'ignore' });
    mounted.delete(mountPoint);
}
process.on('exit', () => mounted.forEach(unmountNow));

/** A small ext4 of its own in a file, which can run full, fail and be replaced. Needs root and loop devices. */
export class LoopDisk {
    /** Why this machine cannot have one, as a test's reason to skip; false when it can. */
    static whyNot() {
        if (process.getuid() !== 0) return 'needs root, to mount an ext4 of its own';
        return existsSync('/dev/loop-control') ? false : 'needs loop devices: there is no /dev/loop-control';
    }

    static async create(directory, { name = 'disk', mebibytes = 32 } = {}) {
        const disk = new LoopDisk(`${directory}/${name}.img`, `${directory}/${name}`);
        mkdirSync(disk.path);
        writeFileSync(disk.image, '');
        truncateSync(disk.image, mebibytes * 1024 * 1024);
        // No blocks kept back for root: full is full for the gateway as well.
        await run('mkfs.ext4', ['-q', '-m', '0', disk.image]);
        await disk.#mount();
        return disk;
    }

    constructor(image, path) {
        this.image = image;
        this.path = path;
    }

    async #mount() {
        await run('mount', ['-o', 'loop', this.image, this.path]);
        mounted.add(this.path);
    }

    get freeBytes() {
        const { bavail, bsize } = statfsSync(this.path);
        return bavail * bsize;
    }

    get #ballast() { return `${this.path}/ballast`; }

    /** Something else takes every byte that is left. Returns how many. */
    fill() {
        const file = openSync(this.#ballast, 'a');
        for (const size of [256 * 1024, 1024]) while (written(file, size)) { /* until it is full */ }
        fsyncSync(file);
        closeSync(file);
        return statSync(this.#ballast).size;
    }

    /** Takes away what fill() left. */
    empty() { rmSync(this.#ballast); }

    /** Mounts it `ro` or `rw`; only while no file on it is open for writing. */
    remount(how) { return run('mount', ['-o', `remount,${how}`, this.path]); }

    /** As an SD card at its end: from now on the kernel takes no more writes, also by files that are open. */
    fail() { return run('mount', ['-o', 'remount,abort', this.path]); }

    /** As by its owner: another disk, with a checked copy of what this one holds, is mounted in its place. */
    async replace() {
        await run('sync', ['--file-system', this.image]);
        unmountNow(this.path);
        const copy = `${this.image}.copy`;
        copyFileSync(this.image, copy);
        this.image = copy;
        // 1: errors were corrected.
        await run('e2fsck', ['-f', '-y', copy]).catch((error) => { if (error.code !== 1) throw error; });
        await this.#mount();
    }

    remove() { if (mounted.has(this.path)) unmountNow(this.path); }
}

function written(file, size) {
    try {
        return writeSync(file, Buffer.alloc(size)) > 0;
    } catch (error) {
        if (error.code === 'ENOSPC') return false;
        throw error;
    }
}
