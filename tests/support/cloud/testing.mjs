/** What the tests of this folder share: a bare WebSocket client that does no more than it is told, and set-up. */
import { once } from 'node:events';
import WebSocket from 'ws';
import { SignallingClient } from '@metered-ca/realtime';
import { ChannelService } from './service.mjs';

/** Starts a service that is stopped when the test `t` ends. */
export async function startService(t, options) {
    const service = await new ChannelService(options).start();
    t.after(() => service.stop());
    return service;
}

/** The official SDK against `service`, closed when the test ends. */
export async function sdkClient(t, service, token, { ca } = {}) {
    const client = new SignallingClient({
        url: service.url,
        tokenProvider: async () => token,
        webSocketFactory: (url) => new WebSocket(url, { ca, perMessageDeflate: false }),
    });
    t.after(() => client.close());
    await client.connect();
    return client;
}

/** A connection on which frames are sent as given and received in order. */
export class BareClient {
    constructor(url, options) {
        this.socket = new WebSocket(url, { perMessageDeflate: false, ...options });
        this.frames = [];
        this.closed = new Promise((resolve) => {
            this.socket.on('close', (code) => resolve(code));
        });
        this.socket.on('error', (error) => {
            this.error = error;
        });
        this.socket.on('message', (bytes, isBinary) => {
            this.frames.push(isBinary ? bytes : bytes.toString());
            this.socket.emit('frame');
        });
    }

    send(frame) {
        this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame), {
            binary: false,
        });
    }

    /** The next frame, as an object. */
    async next() {
        while (this.frames.length === 0) await once(this.socket, 'frame');
        return JSON.parse(this.frames.shift());
    }

    /** Sends a frame and returns the one that comes back. */
    ask(frame) {
        this.send(frame);
        return this.next();
    }
}

export const address = (service, token, path = '/v1') => `${service.url}${path}?token=${encodeURIComponent(token)}`;

/** Connects with `token` and takes the welcome. */
export async function bareClient(t, service, token) {
    const client = new BareClient(address(service, token));
    t.after(() => client.socket.terminate());
    client.welcome = await client.next();
    return client;
}

/** The HTTP status with which an upgrade is refused; 101 when it is not. */
export function upgradeStatus(url) {
    return new Promise((resolve, reject) => {
        const socket = new WebSocket(url, { perMessageDeflate: false });
        socket.on('unexpected-response', (_, response) => {
            resolve(response.statusCode);
            response.destroy();
            socket.terminate();
        });
        socket.on('open', () => {
            resolve(101);
            socket.terminate();
        });
        socket.on('error', reject);
    });
}
