/** One row of the matrix on its stage: a gateway of its own, its service and its subscriber, watched from start to end. */
import { makeCertificates } from '../../support/cloud/certificates.mjs';
import { imbalance } from '../../support/harness/accounting.mjs';
import { Site } from '../../support/harness/site.mjs';
import { StatusLine } from '../../support/harness/status_line.mjs';
import { letPass, until } from '../../support/harness/until.mjs';
import { judgeRow } from './judge.mjs';
import { reconnect, slack } from './verbs.mjs';

const patience = 60_000;

let made;
/** Certificates are made once for all rows, and removed when the process ends by removeCertificates(). */
function certificates() {
    made ??= (async () => {
        const names = ['DNS:localhost', 'DNS:cloud.fieldlink.test', 'IP:127.0.0.1'];
        const addresses = Array.from({ length: 256 }, (_, i) => `IP:10.213.${i}.1`);
        const [right, expired, elsewhere, stranger] = await Promise.all([
            makeCertificates({ names: [...names, ...addresses] }), makeCertificates({ days: -1 }),
            makeCertificates({ names: ['DNS:elsewhere'] }), makeCertificates()]);
        return { right, expired, elsewhere, stranger };
    })();
    return made;
}

export async function removeCertificates() {
    for (const one of Object.values(await (made ?? {}))) await one.remove();
}

export class Scene {
    constructor(row) {
        Object.assign(this, { row, statuses: [], arrivals: [], receivedAt: new Map(), unbalanced: null });
    }

    async open() {
        const { row } = this;
        this.certificates = row.tls ? await certificates() : null;
        const { uplink = {}, batch = { max_age: '250ms' }, ...config } = row.config ?? {};
        const stage = row.stage ? await row.stage.open() : {};
        this.stage = stage;
        this.site = await Site.open({
            auth: row.auth ?? 'token', tls: this.certificates?.right ?? false, trust: false, slaves: false,
            sensors: row.sensors ?? {}, every: '250ms', cloud: { ...row.cloud, ...stage.cloud }, inside: stage.inside,
            config: { batch, outbox: { durability: 'process' }, ...config },
            uplink: (site) => ({ reconnect, ...this.trust(site), ...stage.uplink?.(site), ...settle(uplink, site) }),
        });
        this.watch();
    }

    /** A certificate that has run out or is another host's is of a known authority, else it would be refused for that. */
    trust(site) {
        if (!this.certificates) return {};
        const { right, expired, elsewhere } = this.certificates;
        return { tls: { ca_file: site.joinFiles('ca.pem', [right, expired, elsewhere].map(({ caFile }) => caFile)) } };
    }

    watch() {
        this.site.subscriber.on('message', (_, __, { messageId }) => this.receivedAt.set(messageId, Date.now()));
        this.site.subscriber.on('readings', (_, readings) => this.arrivals.push({ at: Date.now(), ts: readings.at(-1).ts }));
    }

    /** From the start of the gateway on; only what changes is kept. */
    onStatus(status) {
        const { state, last_error: error, next_attempt: next } = status.uplink;
        const last = this.statuses.at(-1);
        const isNews = last?.error !== error || last.state !== state || last.next !== next;
        if (isNews) this.statuses.push({ at: Date.now(), state, error, next });
        this.status = status;
        if (imbalance(status) !== 0) this.unbalanced ??= status.outbox;
    }

    get counters() { return this.site.cloud.counters.of('sensor-42'); }

    /** When the gateway opened a TCP connection to the service; the first of all was the subscriber's. */
    get connects() { return this.site.cloud.counters.acceptTimes.slice(1); }

    /** When it began an attempt, which is earlier where a token is fetched first. */
    get attempts() { return (this.row.auth ?? 'token') === 'provision' ? this.site.provisioning.requestTimes : this.connects; }

    /** The moment from which the row's time counts: the trouble's last hit, or when it was taken away. */
    get since() { return this.healedAt ?? this.trouble.lastAt; }

    isConnected() { return this.status?.uplink.state === 'connected'; }

    async start() {
        const { row, site } = this;
        if (row.when === 'start') this.trouble = await row.does(this);
        site.gateway.start();
        this.pid = site.gateway.child.pid;
        this.line = new StatusLine(site.gateway.socketPath, (status) => this.onStatus(status));
        await this.until('an answer to status', () => this.status);
    }

    /** Goes through the row's story. */
    async play() {
        const { row } = this;
        if (row.when !== 'start') {
            await this.until('readings before the trouble', () => this.isConnected() && this.arrivals.length >= 3);
            this.trouble = await row.does(this);
        }
        await this.until('the trouble', () => this.trouble.hits > 0, row.strikes ?? patience);
        if (row.heal) await this.heal();
        else await this.until('the last hit', () => this.trouble.left === 0, row.strikes ?? patience);
        await this.until('is as it should be', () => this.recovered(), row.within + slack + 10_000);
        this.recoveredAt = this.recovered();
        await letPass(row.watch ?? 500);
        await this.until('readings after it', () => this.isConnected() && this.arrivals.some(({ ts }) => ts > this.recoveredAt));
        this.ping = await this.site.command({ type: 'ping' }, { timeoutMs: patience });
    }

    async heal() {
        const { row, trouble } = this;
        const lasts = row.lasts ?? 0;
        await this.until('the trouble goes on', () => trouble.hits >= (row.hits ?? 1) && Date.now() - trouble.firstAt >= lasts
            && row.says.test(this.status.uplink.last_error), patience + lasts);
        trouble.left = 0;
        this.healedAt = Date.now();
        await row.heal(this);
    }

    /** When it was as the row wants it: a welcome, the refused messages delivered, the next reading; undefined before. */
    recovered() {
        const { row, since } = this;
        if (row.recovered) return row.recovered(this);
        if (row.ends === 'reconnects') return this.counters.welcomeTimes.find((at) => at > since);
        const ids = [...(this.trouble.frame ?? '').matchAll(/"messageId":"([^"]+)"/g)].map(([, id]) => this.receivedAt.get(id));
        if (ids.length > 0) return ids.includes(undefined) ? undefined : Math.max(...ids);
        return this.arrivals.find(({ ts }) => ts > since)?.at;
    }

    until(what, condition, within = patience) {
        return until(what, () => {
            if (this.site.gateway.child && !this.site.gateway.child.running) throw new Error('the gateway has ended');
            return condition();
        }, { within, every: 20 });
    }

    async close(keep) {
        this.line?.close();
        await this.site?.close({ keep });
        await this.stage?.close?.();
    }
}

const settle = (value, site) => (typeof value === 'function' ? value(site) : value);

/** Plays one row and returns its result; never throws. */
export async function playRow(row, started) {
    const scene = new Scene(row);
    const problems = [];
    let verdict = {};
    try {
        await scene.open();
        await scene.start();
        started();
        await scene.play();
    } catch (error) {
        problems.push(error.message);
    }
    started();
    if (scene.site) verdict = await judgeRow(scene, problems).catch((error) => ({ problems: [error.stack] }));
    await scene.close(verdict.problems?.length > 0);
    return { row, problems, ...verdict };
}
