/** Frames that a client must survive: each sends one kind of them on a connection. */

const readyMessage = JSON.stringify({ type: 'message', channel: 'fleet/x', from: 'x', data: { type: 'ping' } });

export const noise = {
    garbage: (connection) => connection.send('}{ this is no JSON'),
    not_object: (connection) => ['[]', '7', 'null', '"text"', ''].forEach((text) => connection.send(text)),
    unknown_type: (connection) => connection.send({ type: 'tomorrow', requestId: 'r' }),
    wrong_types: (connection) => {
        connection.send({ type: 7 });
        connection.send({ type: 'ack', requestId: 12 });
        connection.send({ type: 'error', code: [] });
        connection.send({ type: 'message', channel: {}, from: null, data: 1 });
        connection.send({ type: 'going_away', retryAfterMs: 'soon' });
    },
    missing_fields: (connection) =>
        ['ack', 'error', 'message', 'direct', 'presence', 'going_away', 'welcome'].forEach((type) =>
            connection.send({ type }),
        ),
    unknown_ack: (connection) => connection.send({ type: 'ack', requestId: 'never-sent' }),
    binary: (connection) => connection.sendRaw(Buffer.from([0, 1, 2, 254, 255])),
    deep: (connection) =>
        connection.send(`{"type":"message","channel":"c","from":"f","data":${'['.repeat(20000)}${']'.repeat(20000)}}`),
    huge: (connection) =>
        connection.send(`{"type":"message","channel":"c","from":"f","data":"${'x'.repeat(1100000)}"}`),
    bad_utf8: (connection) => connection.sendRaw(Buffer.from([0x22, 0xc3, 0x28, 0x22]), { binary: false }),
    huge_fragmented: (connection) => {
        const piece = 'x'.repeat(60000);
        connection.sendRaw(`{"type":"message","channel":"c","from":"f","data":"`, { fin: false });
        for (let i = 0; i < 20; ++i) connection.sendRaw(piece, { fin: false });
        connection.sendRaw('"}', { fin: true });
    },
    fragmented: (connection) => {
        const half = readyMessage.length / 2;
        connection.sendRaw(readyMessage.slice(0, half), { fin: false });
        connection.sendRaw(readyMessage.slice(half), { fin: true });
    },
};
