import net from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Asks a gateway's control socket for its status again and again over one connection, as `fieldlinkctl status --json` does
 * once: a hundred gateways that are each watched by a new process several times a second would leave no time to test.
 */
export class StatusLine {
    /** `onStatus(status)` gets each answer, until close(). A socket that is not there yet is tried again. */
    constructor(path, onStatus, { every = 250 } = {}) {
        Object.assign(this, { path, onStatus, every });
        this.connect();
    }

    connect() {
        this.socket = net.connect(this.path);
        this.socket.on('error', () => {});
        this.socket.on('close', () => this.later(() => this.connect()));
        this.socket.on('connect', () => this.ask());
        createInterface({ input: this.socket }).on('line', (line) => this.take(line));
    }

    ask() { this.socket.write('{"verb":"status"}\n'); }

    take(line) {
        if (this.closed) return;
        this.onStatus(JSON.parse(line));
        this.later(() => this.ask());
    }

    later(action) {
        if (!this.closed) this.timer = setTimeout(action, this.every);
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
        this.socket.destroy();
    }
}
