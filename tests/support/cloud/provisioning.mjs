/**
 * The user's provisioning service, simulated: `GET /api/provision?deviceId=ID` with `Authorization: Bearer SECRET`
 * answers `{"token": JWT}`.
 */
import http from 'node:http';
import https from 'node:https';
import { closePort, openPort } from './http_port.mjs';
import { inUrl } from './listener.mjs';

const portal = '<!doctype html><html><head><title>Guest network</title></head><body>Please sign in.</body></html>';

/** What an ordered fault answers; each writes a whole answer or none. */
const faults = {
    status: (response, { status = 503, headers = {}, body = '' }) => response.writeHead(status, headers).end(body),
    html: (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(portal),
    no_token: (response) => sendJson(response, { message: 'registered' }),
    empty_token: (response) => sendJson(response, { token: '' }),
    token: (response, { token }) => sendJson(response, { token }),
    bad_json: (response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"token": "eyJ'),
    redirect: (response, { location }) => response.writeHead(302, { Location: location }).end(),
    silence: () => {},
    reset: (response) => response.socket.resetAndDestroy(),
    huge: (response) =>
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"token":"${'x'.repeat(8 << 20)}"}`),
};

function sendJson(response, value) {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

export class ProvisioningService {
    /**
     * `mint(deviceId)` returns a token. `secret`: one device secret for all, or {deviceId: secret}. `tls`: {key, cert}
     * or null. `counts` has requests, granted, refused, and faults by kind; `withSecret` counts requests that showed a
     * right secret, whatever was answered, so that a followed redirect is seen. `requestTimes` is in Unix ms.
     */
    constructor({ mint, secret = 'device-secret', tls = null, host = '127.0.0.1', port = 0 }) {
        Object.assign(this, { mint, secret, host, port, isTls: tls !== null });
        this.counts = { requests: 0, withSecret: 0, granted: 0, refused: 0, faults: {}, byDevice: {} };
        this.requestTimes = [];
        this.orders = [];
        this.timers = new Set();
        const answer = (request, response) => this.answer(request, response);
        this.server = tls ? https.createServer(tls, answer) : http.createServer(answer);
        this.server.on('tlsClientError', () => {});
    }

    async start() {
        this.port = await openPort(this.server, this);
        return this;
    }

    async stop() {
        for (const timer of this.timers) clearTimeout(timer);
        await closePort(this.server);
    }

    /** A service that speaks TLS shows another certificate from now on. */
    setCertificate({ key, cert }) {
        this.server.setSecureContext({ key, cert });
    }

    /** The URL as the gateway's configuration has it, with `{gateway}` to be filled in. */
    get url() {
        return `${this.isTls ? 'https' : 'http'}://${inUrl(this.host)}:${this.port}/api/provision?deviceId={gateway}`;
    }

    /**
     * Orders a wrong answer: `do` is status {status, headers?, body?}, html, no_token, empty_token, bad_json, redirect
     * {location}, silence, reset, huge, token {token} (as given), or slow {ms} (right, but late); `times` default 1, null
     * for ever. Returns the order, with `hits`, `firstAt` and `lastAt` (Unix ms).
     */
    order(order) {
        if (order.do !== 'slow' && !Object.hasOwn(faults, order.do))
            throw new Error(`do: one of slow, ${Object.keys(faults).join(', ')}`);
        const kept = { ...order, left: order.times === null ? Infinity : (order.times ?? 1), hits: 0 };
        this.orders.push(kept);
        return kept;
    }

    clear() {
        this.orders = [];
    }

    answer(request, response) {
        const url = new URL(request.url, 'http://service');
        const device = url.searchParams.get('deviceId') ?? '';
        this.counts.requests += 1;
        this.requestTimes.push(Date.now());
        this.counts.byDevice[device] = (this.counts.byDevice[device] ?? 0) + 1;
        const isKnown = this.isAuthorised(request, device);
        if (isKnown) this.counts.withSecret += 1;
        const fault = this.orders.find(({ left }) => left > 0);
        if (!fault) return this.grant(request, response, { url, device, isKnown });
        fault.left -= 1;
        fault.hits += 1;
        fault.lastAt = Date.now();
        fault.firstAt ??= fault.lastAt;
        this.counts.faults[fault.do] = (this.counts.faults[fault.do] ?? 0) + 1;
        if (fault.do !== 'slow') return faults[fault.do](response, fault);
        return this.later(fault.ms, () => this.grant(request, response, { url, device, isKnown }));
    }

    isAuthorised(request, device) {
        const wanted = typeof this.secret === 'string' ? this.secret : this.secret[device];
        return wanted !== undefined && request.headers.authorization === `Bearer ${wanted}`;
    }

    grant(request, response, { url, device, isKnown }) {
        if (request.method !== 'GET' || url.pathname !== '/api/provision') return this.refuse(response, 404);
        if (device === '') return this.refuse(response, 400);
        if (!isKnown) return this.refuse(response, 401);
        this.counts.granted += 1;
        return sendJson(response, { token: this.mint(device) });
    }

    refuse(response, status) {
        this.counts.refused += 1;
        response.writeHead(status).end();
    }

    later(ms, action) {
        const timer = setTimeout(() => {
            this.timers.delete(timer);
            action();
        }, ms);
        this.timers.add(timer);
    }
}
