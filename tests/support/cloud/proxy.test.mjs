import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import test from 'node:test';
import { ConnectProxy } from './proxy.mjs';

async function scene(t, options) {
    const server = http.createServer((_, response) => response.end('hello')).listen(0, options?.far ?? '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const proxy = await new ConnectProxy(options).start();
    t.after(() => proxy.stop());
    const host = options?.far ? `[${options.far}]` : '127.0.0.1';
    return { proxy, target: `${host}:${server.address().port}` };
}

/** Asks `proxy` for a tunnel; the status, and the answer that came through it. */
async function tunnel({ host, port }, target, login) {
    const headers = login ? { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` } : {};
    const request = http.request({ host, port, method: 'CONNECT', path: target, headers, agent: false }).end();
    const [response, socket] = await once(request, 'connect');
    if (response.statusCode !== 200) return { status: response.statusCode };
    socket.write('GET / HTTP/1.1\r\nHost: far\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const bytes of socket) text += bytes;
    return { status: 200, body: text.split('\r\n').findLast((line) => line.includes('hello')) && 'hello' };
}

test('a tunnel leads to where it should, and is noted', async (t) => {
    const { proxy, target } = await scene(t);
    assert.deepEqual(await tunnel(proxy, target), { status: 200, body: 'hello' });
    assert.deepEqual([proxy.tunnels, proxy.refused], [[target], 0]);
});

test('an IPv6 address is reached', async (t) => {
    const { proxy, target } = await scene(t, { far: '::1' });
    assert.deepEqual(await tunnel(proxy, target), { status: 200, body: 'hello' });
});

test('it refuses on order, without the login, and what it cannot reach', async (t) => {
    const { proxy, target } = await scene(t, { login: 'device:sesame' });
    assert.deepEqual(await tunnel(proxy, target), { status: 407 });
    assert.deepEqual(await tunnel(proxy, target, 'device:wrong'), { status: 407 });
    assert.deepEqual(await tunnel(proxy, target, 'device:sesame'), { status: 200, body: 'hello' });
    assert.deepEqual(await tunnel(proxy, '127.0.0.1:9', 'device:sesame'), { status: 502 });
    proxy.refuses = 403;
    assert.deepEqual(await tunnel(proxy, target, 'device:sesame'), { status: 403 });
    assert.deepEqual([proxy.tunnels, proxy.refused], [[target], 4]);
});

test('after its end it is not there, and then again on the same port', async (t) => {
    const { proxy, target } = await scene(t);
    await proxy.stop();
    await assert.rejects(tunnel(proxy, target), { code: 'ECONNREFUSED' });
    await proxy.start();
    assert.deepEqual(await tunnel(proxy, target), { status: 200, body: 'hello' });
});
