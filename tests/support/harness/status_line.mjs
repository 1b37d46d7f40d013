import net from 'node:net';

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
        let text = '';
        this.socket.setEncoding('utf8').on('data', (data) => {
            text += data;
            if (!text.endsWith('\n')) return;
            this.take(text);
            text = '';
        });
    }

    ask() { this.socket.write('{"verb":"status"}\n'); }

    /** Only one answer is outstanding: what ends in a line feed is whole. */
    take(line) {
        if (this.closed) return;
        this.onStatus(JSON.parse(line).status);
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
