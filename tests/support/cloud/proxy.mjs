/** An HTTP proxy that knows CONNECT and nothing else, and can refuse it. */
import http from 'node:http';
import net from 'node:net';

import { closePort, openPort } from './http_port.mjs';

const answers = {
    407: 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="plant"\r\n',
    403: 'HTTP/1.1 403 Forbidden\r\n',
    502: 'HTTP/1.1 502 Bad Gateway\r\n',
};

export class ConnectProxy {
    /**
     * `login`: `USER:PASSWORD` that it asks for, if any. `refuses` may be set to 403 or 407 at any time, and to null.
     * `tunnels` has the `HOST:PORT` of each that was opened, `refused` counts the others.
     */
    constructor({ login = null, host = '127.0.0.1', port = 0 } = {}) {
        Object.assign(this, { login, host, port, refuses: null, tunnels: [], refused: 0, sockets: new Set() });
    }

    /** May be started again after stop(), on the same port. */
    async start() {
        this.server = http.createServer((request, response) => response.writeHead(405).end());
        this.server.on('connect', (request, socket) => this.connect(request, socket));
        this.port = await openPort(this.server, this);
        return this;
    }

    /** Closes the port and ends all tunnels. */
    async stop() {
        const closed = closePort(this.server);
        for (const socket of this.sockets) socket.destroy();
        await closed;
    }

    get url() {
        return `http://${this.host}:${this.port}`;
    }

    isLoggedIn({ headers }) {
        const wanted = `Basic ${Buffer.from(this.login ?? '').toString('base64')}`;
        return this.login === null || headers['proxy-authorization'] === wanted;
    }

    connect(request, socket) {
        this.keep(socket);
        const refusal = this.refuses ?? (this.isLoggedIn(request) ? null : 407);
        if (refusal) return this.refuse(socket, refusal);
        const { hostname, port } = new URL(`http://${request.url}`);
        const far = net.connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ''));
        this.keep(far);
        far.once('error', () => this.refuse(socket, 502));
        return far.once('connect', () => this.join(socket, far, request.url));
    }

    join(socket, far, name) {
        this.tunnels.push(name);
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(far).pipe(socket);
        socket.on('close', () => far.destroy());
        far.on('close', () => socket.destroy());
    }

    refuse(socket, status) {
        this.refused += 1;
        socket.end(`${answers[status]}Content-Length: 0\r\nConnection: close\r\n\r\n`);
    }

    keep(socket) {
        this.sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => this.sockets.delete(socket));
    }
}
