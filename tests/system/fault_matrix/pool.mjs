/** Runs many things at once, but not more than the machine bears. */

/** Lets at most `limit` be inside at a time, in the order of their asking. */
export class Gate {
    constructor(limit) {
        this.free = limit;
        this.waiting = [];
    }

    async enter() {
        if (this.free > 0) this.free -= 1;
        else await new Promise((resolve) => { this.waiting.push(resolve); });
        let left = false;
        return () => {
            if (left) return;
            left = true;
            const next = this.waiting.shift();
            if (next) next();
            else this.free += 1;
        };
    }
}

/**
 * Calls `work(item, started)` for each item, at most `atOnce` at a time, of which only `starting` have not called
 * `started()` yet. Returns a promise for each item, in their order.
 */
export function runAll(items, { atOnce, starting }, work) {
    const places = new Gate(atOnce);
    const starts = new Gate(starting);
    return items.map(async (item) => {
        const leave = await places.enter();
        const started = await starts.enter();
        return work(item, started).finally(() => { started(); leave(); });
    });
}
