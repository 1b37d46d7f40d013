import { readFileSync, statSync } from 'node:fs';

import { modbusSlave } from './build.mjs';
import { Child } from './child.mjs';
import { inTime } from './until.mjs';

/** A running modbus_slave: over TCP, or over RTU on a pseudo terminal of its own. */
export class Slave {
    /** `line`: `tcp` or `rtu`. `units` as the program takes them, e.g. `1-3`. */
    static async start({ directory, name, line, units }) {
        const slave = new Slave(directory, name);
        const where = line === 'tcp' ? ['--tcp', '127.0.0.1:0'] : ['--pty', `${directory}/${name}.tty`];
        const args = [...where, '--units', units, '--log', slave.logPath];
        slave.child = new Child(modbusSlave(), args, { log: `${directory}/${name}.err` });
        slave.address = JSON.parse(await inTime(`${name} is ready`, slave.child.nextLine()));
        return slave;
    }

    constructor(directory, name) {
        this.logPath = `${directory}/${name}.jsonl`;
    }

    /** HOST:PORT, or the path of the serial device. */
    get where() { return this.address.tcp ?? this.address.rtu; }

    /** Orders a fault: `silent 3`, `late 3 700`, `exception 3 input 5 2`, `set 3 holding 10 600`, `close`, `ok`. */
    async order(line) {
        this.child.write(`${line}\n`);
        const answer = JSON.parse(await inTime(`an answer to "${line}"`, this.child.nextLine()));
        if (!answer.ok) throw new Error(`the slave does not take "${line}": ${answer.error}`);
    }

    /** Everything served so far, in order; see record_log.hpp for the shape. A line being written is left for later. */
    log() {
        const text = readFileSync(this.logPath, 'utf8');
        return text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(Boolean).map((line) => JSON.parse(line));
    }

    /** Grows with everything that is served; cheaper than log(). */
    get logBytes() { return statSync(this.logPath).size; }

    stop() { return this.child.stop(); }
}
