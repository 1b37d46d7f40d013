/**
 * One listening port, plain or TLS, that can misbehave before a WebSocket exists: refuse, reset or stay silent at
 * accept, at the first bytes (where a TLS hello would be), and stop listening for a time.
 *
 * A plain TCP server stands in front of the HTTP(S) server and hands its sockets on: so every phase can be reached.
 */
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

const rebindEveryMs = 50;

export class Listener {
    /**
     * `tls`: `{key, cert}` in PEM, or null. `onRequest` and `onUpgrade` are those of node's HTTP server.
     * `onAccept` is told of each TCP connection, `takeFault(at)` is asked at `accept` and `bytes`.
     */
    constructor({ host, port, tls, onRequest, onUpgrade, onAccept = () => {}, takeFault }) {
        this.host = host;
        this.port = port;
        this.onAccept = onAccept;
        this.takeFault = takeFault;
        this.sockets = new Map();
        this.reopenTimer = null;
        this.web = tls ? https.createServer(tls) : http.createServer();
        this.web.on('request', onRequest);
        this.web.on('upgrade', onUpgrade);
        this.web.on('tlsClientError', () => {});
        this.front = net.createServer((socket) => this.accept(socket));
    }

    /** Resolves when the port is open; `port` then holds its number. Rejects when it cannot be had. */
    listen() {
        return new Promise((resolve, reject) => {
            this.front.once('error', reject);
            this.front.listen(this.port, this.host, () => {
                this.front.off('error', reject);
                this.port = this.front.address().port;
                resolve();
            });
        });
    }

    accept(socket) {
        const name = nameOf(socket);
        this.sockets.set(name, socket);
        socket.on('error', () => {});
        socket.on('close', () => this.sockets.delete(name));
        this.onAccept();
        const fault = this.takeFault('accept');
        if (fault) return misbehave(socket, fault);
        const later = this.takeFault('bytes');
        if (later) return void socket.once('data', () => misbehave(socket, later));
        return void this.web.emit('connection', socket);
    }

    /** Shows another certificate from now on; connections that exist go on. */
    setCertificate({ key, cert }) {
        this.web.setSecureContext({ key, cert });
    }

    /** Ends the TCP connection under `socket` (which may be its TLS layer) with a reset instead of a goodbye. */
    reset(socket) {
        const raw = this.sockets.get(nameOf(socket));
        if (raw) raw.resetAndDestroy();
        else socket.destroy();
    }

    /** Refuses connections for `forMs`; those that exist go on. */
    refuse(forMs) {
        clearTimeout(this.reopenTimer);
        if (this.front.listening) this.front.close();
        this.reopenTimer = setTimeout(() => this.reopen(), forMs);
    }

    async reopen() {
        try {
            await this.listen();
        } catch {
            this.reopenTimer = setTimeout(() => this.reopen(), rebindEveryMs);
        }
    }

    /** Closes the port and every socket. */
    async close() {
        clearTimeout(this.reopenTimer);
        const closed = this.front.listening
            ? new Promise((resolve) => {
                  this.front.close(resolve);
              })
            : Promise.resolve();
        for (const socket of this.sockets.values()) socket.destroy();
        await closed;
        this.web.close();
    }
}

/** An IPv6 address stands in brackets in a URL. */
export const inUrl = (host) => (host.includes(':') ? `[${host}]` : host);

/** The same for a TCP socket and for the TLS layer on it. */
const nameOf = ({ remoteAddress, remotePort }) => `${remoteAddress}:${remotePort}`;

/** Carries out a fault on a socket on which no WebSocket exists. Silence reads nothing and leaves the peer waiting. */
export function misbehave(socket, fault) {
    if (fault.do === 'reset') socket.resetAndDestroy();
    else if (fault.do === 'silence') socket.pause();
    else socket.end(fault.text ?? '\u0001\u0002 this is no HTTP \u0000\r\n\r\n');
}
