/**
 * How many losses the gap records can account for. A run of missing seqs may be covered by several records and a record
 * may cover several runs, so it is a transport problem: maximum flow by augmenting paths, exact for any overlap.
 */

/**
 * `demands` and `capacities` are sizes (a capacity may be Infinity); `fits(d, c)` says whether capacity c may serve
 * demand d. Returns `{unmet, used}`: what is left of each demand, and what was taken of each capacity.
 */
export function assign(demands, capacities, fits) {
    const state = {
        unmet: [...demands],
        free: [...capacities],
        edges: demands.map((_, d) => [...capacities.keys()].filter((c) => fits(d, c))),
        given: capacities.map(() => new Map()), // capacity → demand → amount
    };
    for (const d of demands.keys()) {
        while (state.unmet[d] > 0 && augment(d, state));
    }
    const used = state.given.map((row) => [...row.values()].reduce((sum, amount) => sum + amount, 0));
    return { unmet: state.unmet, used };
}

/** Looks breadth-first for a capacity with room, moving earlier assignments along; false when there is none. */
function augment(start, state) {
    const steps = new Map([[start, null]]); // demand → {capacity it would give up, demand that asks for it}
    const asked = new Set();
    const queue = [start];
    for (const d of queue) {
        for (const c of state.edges[d]) {
            if (asked.has(c)) continue;
            asked.add(c);
            if (state.free[c] > 0) return push(d, c, steps, state);
            for (const [holder, amount] of state.given[c]) {
                if (amount === 0 || steps.has(holder)) continue;
                steps.set(holder, { capacity: c, by: d });
                queue.push(holder);
            }
        }
    }
    return false;
}

function push(last, room, steps, { unmet, free, given }) {
    const moves = [];
    let d = last;
    for (let step = steps.get(d); step; step = steps.get(d)) {
        moves.push({ from: d, ...step });
        d = step.by;
    }
    const limits = moves.map(({ from, capacity }) => given[capacity].get(from));
    const amount = Math.min(unmet[d], free[room], ...limits);
    free[room] -= amount;
    unmet[d] -= amount;
    add(given[room], last, amount);
    for (const { from, capacity, by } of moves) {
        add(given[capacity], from, -amount);
        add(given[capacity], by, amount);
    }
    return true;
}

const add = (row, key, amount) => row.set(key, (row.get(key) ?? 0) + amount);
