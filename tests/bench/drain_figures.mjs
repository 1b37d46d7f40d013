/** What a drain's report says. Pure functions. Times are in seconds since the first frame. */

const backlog = 0;
const maxFrame = 65_536;

/** The service's frames as objects, in order. */
export function framesOf({ frames }) {
    const start = frames[0][0];
    return frames.map(([ns, bytes, kind]) => ({ at: (ns - start) / 1e9, bytes, isBacklog: kind === backlog }));
}

function counts(frames, bin) {
    const perBin = new Array(Math.floor(frames.at(-1).at / bin) + 1).fill(0);
    for (const { at } of frames) perBin[Math.floor(at / bin)] += 1;
    return perBin;
}

const ofBacklog = (frames) => frames.filter(({ isBacklog }) => isBacklog);

/** After a reconnect the rate grows; that has ended after the first second in which it reaches the bucket's. */
export function endOfRampLimited(frames, rate) {
    const bin = counts(frames, 1).findIndex((count) => count >= 0.95 * rate);
    if (bin < 0) throw new Error(`the rate of ${rate} frames/s was never reached; give more --messages`);
    return bin + 1;
}

/** Without a bucket: with the first quarter of a second that reaches 80 % of the best one. */
export function endOfRampLifted(frames) {
    const quarter = 0.25;
    const perBin = counts(ofBacklog(frames), quarter);
    const best = Math.max(...perBin);
    return perBin.findIndex((count) => count >= 0.8 * best) * quarter;
}

/** From `begin` to the last frame of the backlog. */
export function figures(report, begin) {
    const frames = framesOf(report);
    const all = ofBacklog(frames);
    const end = all.at(-1).at;
    const inside = ({ at }) => at >= begin && at <= end;
    const measured = all.filter(inside);
    const bytes = measured.reduce((sum, frame) => sum + frame.bytes, 0);
    const allBytes = all.reduce((sum, frame) => sum + frame.bytes, 0);
    const seconds = end - begin;
    return {
        begin,
        seconds,
        frames: all.length,
        framesASecond: frames.filter(inside).length / seconds,
        backlogASecond: measured.length / seconds,
        bytesASecond: bytes / seconds,
        readingsASecond: (50 * report.messages * bytes) / allBytes / seconds,
        // The last one holds what was left.
        fill: measured.slice(0, -1).reduce((sum, frame) => sum + frame.bytes, 0) / (measured.length - 1) / maxFrame,
        tooFast: report.too_fast,
        connections: report.connections,
    };
}

/** The first seconds, so that a reader sees the ramp. */
export const firstSeconds = (report, count) => counts(framesOf(report), 1).slice(0, count);
