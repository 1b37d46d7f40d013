import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { driverDirectory, fieldlinkctl, fieldlinkd } from './build.mjs';
import { Child } from './child.mjs';
import { inTime, until } from './until.mjs';
import { toYaml } from './yaml.mjs';

const run = promisify(execFile);

/** A fieldlinkd with its files in one directory. It can be killed and started again as often as a test likes. */
export class Gateway {
    /** `config` is fieldlink.yaml as plain values; outbox and control socket are put into `directory`. */
    constructor(directory, config, env = {}) {
        this.configPath = `${directory}/fieldlink.yaml`;
        this.outboxPath = `${directory}/outbox.db`;
        this.logPath = `${directory}/gateway.err`;
        this.socketPath = `${directory}/control.sock`;
        this.env = env;
        this.kills = 0;
        const outbox = { ...config.outbox, path: this.outboxPath };
        writeFileSync(this.configPath, toYaml({ ...config, outbox, control: { socket: this.socketPath } }));
    }

    start() {
        const args = ['--config', this.configPath, '--driver-dir', driverDirectory()];
        this.child = new Child(fieldlinkd(), args, { log: this.logPath, env: this.env });
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

    connected(within) {
        return this.untilStatus('is connected', (status) => status.uplink.state === 'connected', within);
    }

    /** Waits until the backlog is sent. While it polls, a gateway always owes what it has only just committed. */
    drained(within = 60_000) {
        return this.untilStatus('owes no backlog', (status) => status.outbox.owed_messages <= 3, within);
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
