/** JSON Web Tokens with HS256, as the channel service and a provisioning service need them. No other algorithm. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const mac = (text, secret) => createHmac('sha256', secret).update(text).digest();

/** Signs `claims` as they are: nothing is added, so a test can mint a token without `exp` or with a wrong one. */
export function signToken(claims, secret) {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${text}.${mac(text, secret).toString('base64url')}`;
}

function decode(part) {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error('not an object');
    return value;
}

/**
 * Returns `{claims}` or `{problem}`. `nowMs` is Unix time in milliseconds. A token that has run out is a problem of its
 * own, `expired`, because the service may answer it differently from a forged one (`invalid`).
 */
export function verifyToken(token, secret, nowMs) {
    const parts = token.split('.');
    if (parts.length !== 3) return { problem: 'invalid' };
    const given = Buffer.from(parts[2], 'base64url');
    const right = mac(`${parts[0]}.${parts[1]}`, secret);
    try {
        if (decode(parts[0]).alg !== 'HS256') return { problem: 'invalid' };
        if (given.length !== right.length || !timingSafeEqual(given, right)) return { problem: 'invalid' };
        return checkClaims(decode(parts[1]), nowMs);
    } catch {
        return { problem: 'invalid' };
    }
}

const isTextList = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');

function checkClaims(claims, nowMs) {
    if (typeof claims.sub !== 'string' || claims.sub === '') return { problem: 'invalid' };
    if (!isTextList(claims.channels) || !isTextList(claims.permissions)) return { problem: 'invalid' };
    if (typeof claims.exp !== 'number' || !Number.isFinite(claims.exp)) return { problem: 'invalid' };
    if (claims.exp * 1000 <= nowMs) return { problem: 'expired' };
    return { claims };
}
