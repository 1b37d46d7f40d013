import { statSync } from 'node:fs';

/** What a database and everything that SQLite keeps beside it takes on its disk. */
export function bytesOnDisk(path) {
    const blocks = (suffix) => statSync(path + suffix, { throwIfNoEntry: false })?.blocks ?? 0;
    return ['', '-wal', '-shm', '-journal'].reduce((sum, suffix) => sum + blocks(suffix) * 512, 0);
}

/** Looks at the size of a database every 200 ms, so that a bound can be judged for every moment. */
export class SizeWatch {
    constructor(path) {
        this.samples = 0;
        this.largest = 0;
        this.timer = setInterval(() => this.#look(path), 200);
    }

    stop() { clearInterval(this.timer); }

    #look(path) {
        this.samples += 1;
        this.largest = Math.max(this.largest, bytesOnDisk(path));
    }
}
