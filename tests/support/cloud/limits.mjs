/** The service's two rate limits. Pure: time is an argument, in milliseconds of one monotonic clock. */

/** Messages of one connection: `rate` a second, `burst` at once; a rate of Infinity lifts the limit. */
export class TokenBucket {
    constructor(rate, burst) {
        this.rate = rate;
        this.burst = burst;
        this.tokens = burst;
        this.filledAt = null;
    }

    /** Takes one token; false when there is none. */
    take(now) {
        if (this.rate === Infinity) return true;
        const elapsed = this.filledAt === null ? 0 : now - this.filledAt;
        this.filledAt = now;
        this.tokens = Math.min(this.burst, this.tokens + (elapsed * this.rate) / 1000);
        if (this.tokens < 1) return false;
        this.tokens -= 1;
        return true;
    }
}

/** Connect attempts of each source in a sliding window; a refused attempt is an attempt as well. */
export class ConnectWindow {
    constructor(attempts, windowMs) {
        this.attempts = attempts;
        this.windowMs = windowMs;
        this.bySource = new Map();
    }

    /** Records an attempt; false when it is one too many. */
    admit(source, now) {
        const recent = (this.bySource.get(source) ?? []).filter((at) => now - at < this.windowMs);
        recent.push(now);
        this.bySource.set(source, recent);
        return recent.length <= this.attempts;
    }
}
