/** What a client's frame says, and what is wrong with it. Pure functions. */
import { channelProblem } from './channels.mjs';

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const control = /[\u0000-\u001f\u007f-\u009f]/;

function isRequestId(value) {
    return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= 128;
}

function peerProblem(value) {
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > 128) return 'invalid_peer_id';
    return control.test(value) ? 'invalid_peer_id' : null;
}

const dataProblem = (frame) => ('data' in frame ? null : 'missing_data');

const problemOf = {
    subscribe: (frame) => channelProblem(frame.channel),
    unsubscribe: (frame) => channelProblem(frame.channel),
    publish: (frame) => channelProblem(frame.channel) ?? dataProblem(frame),
    send: (frame) => peerProblem(frame.to) ?? dataProblem(frame),
    ping: () => null,
};

/**
 * Reads one text frame: `{frame, requestId?}` for one that can be acted upon, `{problem, requestId?}` with the
 * service's error code for one that cannot. A request id that breaks the rules is never echoed.
 */
export function readFrame(text) {
    let frame;
    try {
        frame = JSON.parse(text);
    } catch {
        return { problem: 'malformed_message' };
    }
    if (!isObject(frame) || typeof frame.type !== 'string') return { problem: 'malformed_message' };
    if ('requestId' in frame && !isRequestId(frame.requestId)) return { problem: 'malformed_message' };
    const requestId = frame.requestId;
    if (!Object.hasOwn(problemOf, frame.type)) return { problem: 'unknown_type', requestId };
    const problem = problemOf[frame.type](frame);
    return problem ? { problem, requestId } : { frame, requestId };
}
