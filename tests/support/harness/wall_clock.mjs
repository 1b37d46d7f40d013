import { renameSync, writeFileSync } from 'node:fs';

import { wallClock } from './build.mjs';

/** The wall clock that a program started with `env` has; nobody tells that program that a clock were synchronised. */
export class WallClock {
    /** Keeps its file in `directory`. */
    constructor(directory) {
        this.path = `${directory}/wall_clock`;
        this.setAhead(0);
        this.env = {
            LD_PRELOAD: wallClock(),
            FIELDLINK_WALL_CLOCK: this.path,
            DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${directory}/no_bus`,
            // A sanitized program wants its own library to be first; the clock's has nothing to sanitize.
            ASAN_OPTIONS: [process.env.ASAN_OPTIONS, 'verify_asan_link_order=0'].filter(Boolean).join(':'),
        };
    }

    /** So many milliseconds ahead of this machine's. In one piece: the program reads the file at any moment. */
    setAhead(ms) {
        this.aheadMs = Math.round(ms);
        writeFileSync(`${this.path}.new`, `${this.aheadMs}\n`);
        renameSync(`${this.path}.new`, this.path);
    }

    step(ms) { this.setAhead(this.aheadMs + ms); }
}
