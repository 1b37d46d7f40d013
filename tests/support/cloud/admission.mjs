/** Who may open a WebSocket: path, connect rate and credential, as answers before the upgrade. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { verifyToken } from './jwt.mjs';

/**
 * Reads the credential of a request to `/v1`. Returns `{identity}`, or `{status, closeCode}`: the HTTP status that
 * refuses it and the close code that says the same after an upgrade. `keys` maps `pk_live_…` to
 * `{channels, permissions, peerId?}`.
 */
export function identify(url, { secret, keys, nowMs }) {
    const token = url.searchParams.get('token');
    const key = url.searchParams.get('key');
    if (token !== null) return identifyToken(token, secret, nowMs);
    if (key === null || !Object.hasOwn(keys, key)) return { status: 401, closeCode: 4001 };
    return { identity: { peerId: `peer-${randomUUID()}`, exp: null, ...keys[key] } };
}

function identifyToken(token, secret, nowMs) {
    const { claims, problem } = verifyToken(token, secret, nowMs);
    if (problem) return { status: 401, closeCode: problem === 'expired' ? 4002 : 4001, peerId: claimedPeer(token) };
    if (claims.channels.length === 0) return { status: 403, closeCode: 4003, peerId: claims.sub };
    return { identity: { ...claims, peerId: claims.sub } };
}

/** The peer that a refused token speaks of, unverified: for counters only. */
function claimedPeer(token) {
    try {
        return String(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub);
    } catch {
        return undefined;
    }
}

/** Answers a request for an upgrade with plain HTTP and ends the connection. */
export function answerInstead(socket, status, { headers = {}, body = '' } = {}) {
    const all = {
        'Content-Type': 'text/plain',
        'Content-Length': Buffer.byteLength(body),
        Connection: 'close',
        ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${lines.join('')}\r\n${body}`);
}
