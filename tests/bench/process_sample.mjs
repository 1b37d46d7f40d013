/** What the kernel says a process has used so far, from /proc. */
import { readFileSync, readdirSync } from 'node:fs';

const read = (pid, file) => readFileSync(`/proc/${pid}/${file}`, 'utf8');

/** `key:   123` of a file of such lines. */
function number(text, key) {
    const found = new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text);
    if (!found) throw new Error(`/proc has no ${key}`);
    return Number(found[1]);
}

/** The scheduler's own sum in ns; the ticks in `stat` are too coarse for threads that run for microseconds. */
function threads(pid) {
    return Object.fromEntries(readdirSync(`/proc/${pid}/task`).map((id) => {
        const name = read(pid, `task/${id}/comm`).trim();
        return [id, { name, cpuNs: Number(read(pid, `task/${id}/schedstat`).split(' ')[0]) }];
    }));
}

/** utime and stime, in ticks; only their relation is used. */
function ticks(pid) {
    const stat = read(pid, 'stat');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { user: Number(fields[11]), system: Number(fields[12]) };
}

export function sample(pid) {
    return { at: performance.now(), threads: threads(pid), ticks: ticks(pid), written: number(read(pid, 'io'), 'write_bytes') };
}

/** Memory now, in bytes. */
export function memory(pid) {
    const status = read(pid, 'status');
    return { rssAnon: number(status, 'RssAnon') * 1024, rss: number(status, 'VmRSS') * 1024 };
}

/** What was used between two samples: `cpuNs` in all, `byThread` {name: ns}, share of user time, bytes written. */
export function between(before, after) {
    const byThread = {};
    for (const [id, { name, cpuNs }] of Object.entries(after.threads)) {
        byThread[name] = (byThread[name] ?? 0) + cpuNs - (before.threads[id]?.cpuNs ?? 0);
    }
    const user = after.ticks.user - before.ticks.user;
    const system = after.ticks.system - before.ticks.system;
    return {
        seconds: (after.at - before.at) / 1000,
        cpuNs: Object.values(byThread).reduce((sum, ns) => sum + ns, 0),
        byThread,
        userShare: user / Math.max(1, user + system),
        written: after.written - before.written,
    };
}
