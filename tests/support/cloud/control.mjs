/**
 * The simulator's faults and counters over HTTP, for programs that are not JavaScript and for a person with curl:
 * `GET /counters`, `POST /METHOD` with a JSON object of arguments (empty is {}). Answers JSON; 400 says what was wrong.
 */
import http from 'node:http';

import { closePort, openPort } from './http_port.mjs';

/** What can be called: `service` is a ChannelService, `provisioning` a ProvisioningService. */
const methods = {
    order: ({ service }, order) => {
        service.faults.order(order);
    },
    clear: ({ service, provisioning }, { at }) => {
        service.faults.clear(at);
        if (!at) provisioning.clear();
    },
    cut: ({ service }, options) => service.cut(options),
    freeze: ({ service }, options) => service.freeze(options),
    thaw: ({ service }) => service.thaw(),
    close: ({ service }, { code, ...options }) => service.close(required(code, 'code'), options),
    'going-away': ({ service }, { retryAfterMs = 1000, ...options }) => service.goingAway(retryAfterMs, options),
    noise: ({ service }, { kind, ...options }) => service.sendNoise(required(kind, 'kind'), options),
    frame: ({ service }, { frame, ...options }) => service.sendFrame(required(frame, 'frame'), options),
    'max-message-size': ({ service }, { bytes, ...options }) =>
        service.setMaxMessageSize(required(bytes, 'bytes'), options),
    publish: ({ service }, { from = 'control', channel, data }) => ({
        error: service.publishAs(from, required(channel, 'channel'), data),
    }),
    token: ({ service }, { peer, ...claims }) => ({ token: service.token(required(peer, 'peer'), claims) }),
    provisioning: ({ provisioning }, order) => provisioning.order(order),
};

function required(value, name) {
    if (value === undefined) throw new Error(`${name} is missing`);
    return value;
}

export class ControlServer {
    constructor({ service, provisioning, host = '127.0.0.1', port = 0 }) {
        Object.assign(this, { service, provisioning, host, port });
        this.server = http.createServer((request, response) => this.answer(request, response));
    }

    async start() {
        this.port = await openPort(this.server, this);
        return this;
    }

    async stop() {
        await closePort(this.server);
    }

    get url() {
        return `http://${this.host}:${this.port}`;
    }

    async answer(request, response) {
        let status = 200;
        let value;
        try {
            value = await this.perform(request);
        } catch (error) {
            status = 400;
            value = { error: error.message };
        }
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(value ?? {})}\n`);
    }

    async perform(request) {
        const name = new URL(request.url, 'http://control').pathname.slice(1);
        if (request.method === 'GET' && name === 'counters') return this.counters();
        if (request.method !== 'POST' || !Object.hasOwn(methods, name)) {
            throw new Error(`GET /counters, or POST to one of ${Object.keys(methods).join(', ')}`);
        }
        let body = '';
        for await (const chunk of request) body += chunk;
        return methods[name](this, JSON.parse(body || '{}'));
    }

    counters() {
        const { total, peers, refused } = this.service.counters;
        const { orders } = this.service.faults;
        return { total, peers, refused, orders, online: this.service.online, provisioning: this.provisioning.counts };
    }
}
