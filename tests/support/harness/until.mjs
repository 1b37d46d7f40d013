/** Waiting by condition. A test never sleeps and hopes: it names what must become true and by when. */

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/**
 * Asks `condition` every `every` ms until it gives something truthy, and returns that. After `within` ms it throws, with
 * `what` and the last thing that `condition` gave or threw.
 */
export async function until(what, condition, { within = 20_000, every = 25 } = {}) {
    const deadline = performance.now() + within;
    let last;
    for (;;) {
        try {
            last = await condition();
            if (last) return last;
        } catch (error) {
            last = error;
        }
        if (performance.now() > deadline) throw new Error(`not within ${within} ms: ${what} (last: ${show(last)})`);
        await pause(every);
    }
}

/** Lets `ms` of the scene's life pass, where a test is about what happens meanwhile (load, an outage of that length). */
export const letPass = pause;

/** Rejects with `what` when `promise` has not settled after `within` ms. */
export function inTime(what, promise, within = 20_000) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not within ${within} ms: ${what}`)), within);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function show(value) {
    if (value instanceof Error) return value.message;
    return typeof value === 'string' ? value : JSON.stringify(value);
}
