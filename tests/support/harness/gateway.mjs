import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { driverDirectory, fieldlinkctl, fieldlinkd } from './build.mjs';
import { Child } from './child.mjs';
import { inTime, letPass, until } from './until.mjs';
import { toYaml } from './yaml.mjs';

const run = promisify(execFile);

/** A fieldlinkd with its files in one directory. It can be killed and started again as often as a test likes. */
export class Gateway {
    /**
     * `config` is fieldlink.yaml as plain values; the control socket is put into `directory`, and so is the outbox unless
     * `config` says where. `user`: a numeric id to run as, instead of this process's. `inside`: a command, with its
     * arguments, that runs the rest of its command line in its own place, e.g. in another network namespace.
     */
    constructor(directory, config, env = {}, { user, inside = [] } = {}) {
        this.configPath = `${directory}/fieldlink.yaml`;
        this.outboxPath = config.outbox?.path ?? `${directory}/outbox.db`;
        this.user = user;
        this.inside = inside;
        this.logPath = `${directory}/gateway.err`;
        this.socketPath = `${directory}/control.sock`;
        this.env = env;
        this.kills = 0;
        const outbox = { ...config.outbox, path: this.outboxPath };
        writeFileSync(this.configPath, toYaml({ ...config, outbox, control: { socket: this.socketPath } }));
    }

    start() {
        const as = this.user === undefined ? [] : ['setpriv', `--reuid=${this.user}`, `--regid=${this.user}`, '--clear-groups'];
        const [program, ...args] = [...this.inside, ...as, fieldlinkd(), '--config', this.configPath, '--driver-dir', driverDirectory()];
        this.child = new Child(program, args, { log: this.logPath, env: this.env });
    }

    /** SIGKILL, as the kernel's OOM killer or a crash would end it. */
    async kill() {
        this.kills += 1;
        appendFileSync(this.logPath, `---- SIGKILL ${this.kills}\n`);
        return this.child.stop('SIGKILL');
    }

    /** SIGTERM; returns `{code, signal}`. */
    terminate(within = 10_000) {
        return inTime('the gateway ends after SIGTERM', this.child.stop('SIGTERM'), within);
    }

    async status() {
        const args = ['--socket', this.socketPath, 'status', '--json'];
        const { stdout } = await run(fieldlinkctl(), args, { timeout: 10_000 });
        return JSON.parse(stdout);
    }

    /** Waits until `holds(status)`; fails at once when the gateway has ended. */
    async untilStatus(what, holds, within = 30_000) {
        let status;
        await until(`the gateway ${what}`, async () => {
            if (!this.child.running) return true;
            status = await this.status();
            return holds(status);
        }, { within, every: 100 });
        if (!this.child.running) throw new Error(`the gateway has ended: ${this.log().slice(-2000)}`);
        return status;
    }

    /**
     * Looks at the status every `every` ms until `holds(status)`, which may assert what must hold all the time: unlike
     * untilStatus(), what it throws ends the watch at once, and so does a gateway that has ended or does not answer.
     */
    async watch(what, holds, { within, every = 200 }) {
        const deadline = performance.now() + within;
        for (;;) {
            if (!this.child.running) throw new Error(`the gateway has ended: ${this.log().slice(-2000)}`);
            const status = await this.status();
            if (holds(status)) return status;
            if (performance.now() > deadline) throw new Error(`not within ${within} ms: the gateway ${what}`);
            await letPass(every);
        }
    }

    connected(within) {
        return this.untilStatus('is connected', (status) => status.uplink.state === 'connected', within);
    }

    /** Waits until the backlog is sent. While it polls, a gateway always owes what it has only just committed. */
    drained(within = 60_000) {
        return this.untilStatus('owes no backlog', ({ outbox }) => !outbox.salvaging && outbox.owed_messages <= 3, within);
    }

    /** `fieldlinkctl ARGS` with this gateway's socket: `{code, stdout, stderr}`. */
    async ctl(...args) {
        const settings = { timeout: 60_000, maxBuffer: 1 << 28 };
        try {
            return { code: 0, ...await run(fieldlinkctl(), ['--socket', this.socketPath, ...args], settings) };
        } catch ({ code, stdout, stderr }) {
            return { code, stdout, stderr };
        }
    }

    /** `fieldlinkd --check` on any file: `{code, output}`. */
    static async check(file) {
        const args = ['--config', file, '--check', '--driver-dir', driverDirectory()];
        try {
            const { stdout, stderr } = await run(fieldlinkd(), args, { timeout: 20_000 });
            return { code: 0, output: stdout + stderr };
        } catch (error) {
            return { code: error.code, output: `${error.stdout}${error.stderr}` };
        }
    }

    /** Asks the outbox file itself, by the SQLite tool; only while the gateway does not run. */
    async query(sql) {
        const { stdout } = await run('sqlite3', ['-readonly', '-json', this.outboxPath, sql], { maxBuffer: 1 << 28 });
        return stdout.trim() === '' ? [] : JSON.parse(stdout);
    }

    log() { return existsSync(this.logPath) ? readFileSync(this.logPath, 'utf8') : ''; }
}
