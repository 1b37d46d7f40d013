import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { FleetSubscriber } from './subscriber.mjs';
import { BareClient } from './testing.mjs';

const program = new URL('./main.mjs', import.meta.url).pathname;

/** Runs the program and waits for the line that says it is ready. */
async function launch(t, ...args) {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    return { child, info: JSON.parse(line) };
}

async function call(info, name, body) {
    const answer = await fetch(`${info.control}/${name}`, body && { method: 'POST', body: JSON.stringify(body) });
    return { status: answer.status, ...(await answer.json()) };
}

test('a gateway is provisioned, connects and is read by the backend; faults come over HTTP', async (t) => {
    const { child, info } = await launch(t);
    const subscriber = await new FleetSubscriber({ url: info.ws, token: () => info.backendToken }).start();
    t.after(() => subscriber.stop());
    const headers = { authorization: `Bearer ${info.deviceSecret}` };
    const { token } = await (await fetch(info.provision.replace('{gateway}', 'gw'), { headers })).json();
    const gateway = new BareClient(`${info.ws}/v1?token=${token}`);
    assert.equal((await gateway.next()).peerId, 'gw');
    assert.equal((await call(info, 'order', { at: 'publish', do: 'error', code: 'over_message_quota' })).status, 200);
    const publish = {
        type: 'publish',
        channel: 'fleet/gw/t',
        data: { messageId: 'gw:e:1', seq: 1, ts: 1, readings: [] },
        requestId: 'r',
    };
    assert.equal((await gateway.ask(publish)).code, 'over_message_quota');
    const received = once(subscriber, 'message');
    assert.equal((await gateway.ask(publish)).type, 'ack');
    await received;
    assert.equal((await call(info, 'close', { code: 4011 })).status, 200);
    assert.equal(await gateway.closed, 4011);
    let counters;
    do counters = await call(info, 'counters');
    while (counters.online.length > 1);
    assert.equal(counters.peers.gw.publishes['fleet/gw/t'], 1);
    assert.equal(counters.provisioning.granted, 1);
    assert.deepEqual(counters.online, ['backend']);
    child.stdin.end();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a wrong call is answered with what would be right', async (t) => {
    const { child, info } = await launch(t, '--stay');
    assert.match((await call(info, 'order', { at: 'never', do: 'reset' })).error, /is no point/);
    assert.match((await call(info, 'close', {})).error, /code is missing/);
    assert.match((await call(info, 'constructor', {})).error, /POST to one of/);
    child.stdin.end();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('with TLS both services are reached by the authority it names, and the file goes with it', async (t) => {
    const { child, info } = await launch(t, '--tls', '--key', 'pk_live_1');
    assert.match(info.ws, /^wss:/);
    assert.match(info.provision, /^https:/);
    const client = new BareClient(`${info.ws}/v1?key=pk_live_1`, { ca: readFileSync(info.ca) });
    assert.equal((await client.next()).type, 'welcome');
    child.kill('SIGTERM');
    await once(child, 'exit');
    assert.equal(existsSync(info.ca), false);
});

test('help is given, and a wrong option is refused with 2', async () => {
    const help = spawn(process.execPath, [program, '--help'], { stdio: ['ignore', 'pipe', 'ignore'] });
    help.stdout.resume();
    assert.deepEqual(await once(help, 'exit'), [0, null]);
    const wrong = spawn(process.execPath, [program, '--wrong'], { stdio: 'ignore' });
    assert.deepEqual(await once(wrong, 'exit'), [2, null]);
});
