import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

const alive = new Set();
process.on('exit', () => { for (const child of alive) child.kill('SIGKILL'); });

/** A program under test: its lines, its log file, its end. */
export class Child {
    /** `log`: file that standard error is appended to. `env` is added to this process's. */
    constructor(program, args, { log, env = {} }) {
        this.name = program.split('/').pop();
        // In a group of its own: Ctrl-C is for whoever started it, who then ends it in an orderly way.
        const options = { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true };
        this.process = spawn(program, args, options);
        this.stderrText = '';
        const file = createWriteStream(log, { flags: 'a' });
        this.process.stderr.on('data', (data) => { this.stderrText += data; file.write(data); });
        this.process.stdin.on('error', () => {});  // it ended; `ended` tells
        this.lines = [];
        this.waiting = [];
        createInterface({ input: this.process.stdout }).on('line', (line) => this.#onLine(line));
        alive.add(this.process);
        this.ended = new Promise((resolve) => {
            this.process.on('error', (error) => resolve({ code: null, signal: null, error }));
            this.process.on('close', (code, signal) => { file.end(); resolve({ code, signal }); });
        }).then((end) => this.#onEnd(end));
    }

    get pid() { return this.process.pid; }
    get running() { return this.end === undefined; }

    /** The next line of standard output. Rejects when the program ends first. */
    nextLine() {
        if (this.lines.length > 0) return Promise.resolve(this.lines.shift());
        if (!this.running) return Promise.reject(this.#gone());
        return new Promise((resolve, reject) => { this.waiting.push({ resolve, reject }); });
    }

    write(text) { this.process.stdin.write(text); }

    /** Sends `signal` and returns `{code, signal}` once the program has ended. */
    async stop(signal = 'SIGTERM') {
        if (this.running) this.process.kill(signal);
        return this.ended;
    }

    #onLine(line) {
        const waiter = this.waiting.shift();
        if (waiter) waiter.resolve(line);
        else this.lines.push(line);
    }

    #onEnd(end) {
        this.end = end;
        alive.delete(this.process);
        for (const waiter of this.waiting.splice(0)) waiter.reject(this.#gone());
        return end;
    }

    #gone() {
        const { code, signal, error } = this.end;
        const how = error ? error.message : `status ${code ?? '-'}, signal ${signal ?? '-'}`;
        return new Error(`${this.name} has ended (${how}): ${this.stderrText.slice(-2000)}`);
    }
}
