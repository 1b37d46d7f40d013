/**
 * Credentials appear nowhere: not in what the daemon logs (at level debug) and shows, not in its files, its command line
 * or that of a child, nor would they in a core dump, whatever goes wrong with them.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

const random = () => randomBytes(16).toString('hex');

/** With what has to be escaped in a URL and in JSON. */
const deviceSecret = () => `${random()} "/+=&%~'`;

/** Every form in which `secret` could stand somewhere, its first 12 characters alone among them. */
function forms(secret) {
    const base64 = [0, 1, 2].map((shift) => Buffer.from(' '.repeat(shift) + secret).toString('base64').slice(shift ? 4 : 0, -4));
    const percent = [...Buffer.from(secret)].map((byte) => {
        const char = String.fromCharCode(byte);
        return /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }).join('');
    const all = [secret, secret.slice(0, 12), percent, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1),
        ...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')), Buffer.from(secret).toString('hex')];
    return [...new Set(all)];
}

/** A token's signature and claims count by themselves. */
const formsOfToken = (token) => [token, ...token.split('.').slice(1)].flatMap(forms);

function assertNowhere(secrets, texts) {
    for (const [where, text] of Object.entries(texts))
        for (const form of secrets) assert.ok(!text.includes(form), `a credential (as ${form}) is in ${where}`);
}

const proc = (pid, file) => readFileSync(`/proc/${pid}/${file}`, 'latin1');

function childrenOf(pid) {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return tasks.flatMap((task) => proc(pid, `task/${task}/children`).split(' ').filter(Boolean));
}

/** Everything in the directory of the site, in which the outbox is, save the secrets' own files. */
function files(site, own) {
    const names = readdirSync(site.directory).filter((name) => !own.includes(name) && statSync(`${site.directory}/${name}`).isFile());
    return Object.fromEntries(names.map((name) => [name, readFileSync(`${site.directory}/${name}`, 'latin1')]));
}

async function shown(site) {
    const texts = {};
    const verbs = [['status'], ['status', '--json'], ['metrics'], ['outbox', 'stats', '--json'], ['outbox', 'list', '--json'],
        ['outbox', 'export', '--since', '1h']];
    for (const verb of verbs) {
        const { stdout, stderr } = await site.gateway.ctl(...verb);
        texts[verb.join(' ')] = `${stdout}${stderr}`;
    }
    assert.match(texts['status --json'], /"uplink"/);
    return texts;
}

async function assertKept(site, secrets, own, { inEnvironment } = {}) {
    const { pid } = site.gateway.child;
    const children = childrenOf(pid);
    assert.deepEqual(children, [], 'the daemon has no children; if it gets some, look at their environ and cmdline');
    assertNowhere(secrets, { ...await shown(site), ...files(site, own), cmdline: proc(pid, 'cmdline') });
    const environ = proc(pid, 'environ');
    if (inEnvironment) assert.ok(environ.includes(inEnvironment), 'the search would find one that is there');
    else assertNowhere(secrets, { environ });
    assert.equal(parseInt(proc(pid, 'coredump_filter'), 16), 0, 'a core dump has no memory in it');
    assert.match(proc(pid, 'limits'), /^Max core file size +0 /m);
}

/** Waits until `pattern` is the last error of an attempt that began after this call; the gateway is told to try again. */
async function told(site, what, pattern) {
    const { uplink: { attempt: before } } = await site.gateway.status();
    await until(`${what} is told`, async () => {
        site.gateway.child.process.kill('SIGHUP');
        const { uplink } = await site.gateway.status();
        return uplink.attempt >= before + 2 && pattern.test(uplink.last_error);
    }, { within: 90_000, every: 200 });
}

async function serviceGoesWrong(site) {
    const orders = [
        ['HTTP 401', /401/, { at: 'upgrade', do: 'answer', status: 401, body: 'no' }],
        ['a redirect', /302/, { at: 'upgrade', do: 'answer', status: 302, headers: { Location: 'http://127.0.0.1:9/' } }],
        ['garbage', /./, { at: 'upgrade', do: 'garbage' }],
        ...[4001, 4002, 4003, 4012, 1008].map((code) => [`close ${code}`, new RegExp(code), { at: 'welcome', do: 'close', code }]),
    ];
    for (const [what, pattern, order] of orders) {
        const { faults } = site.cloud;
        const ordered = faults.order({ ...order, times: null, only: 'sensor-42' });
        site.cloud.cut({ only: 'sensor-42' });
        await told(site, what, pattern);
        assert.ok(ordered.hits > 0, what);
        site.cloud.faults.clear();
    }
}

async function provisioningGoesWrong(site) {
    const orders = [
        ['a redirect', /redirect/, { do: 'redirect', location: 'http://127.0.0.1:9/' }], ['a web page', /web page/, { do: 'html' }],
        ['bad JSON', /JSON/, { do: 'bad_json' }], ['401', /401/, { do: 'status', status: 401 }], ['500', /500/, { do: 'status', status: 500 }],
    ];
    for (const [what, pattern, order] of orders) {
        site.provisioning.order({ ...order, times: null });
        site.cloud.cut({ only: 'sensor-42' });
        await told(site, what, pattern);
        site.provisioning.clear();
    }
}

/** What somebody may put into a secret's file by mistake. */
async function fileGoesWrong(site, name, secret) {
    const path = `${site.directory}/${name}`;
    const right = readFileSync(path);
    for (const wrong of [`${secret} and more\n${secret}\n`, `${secret}\u0001`, `\n${secret}\n\n`, '']) {
        writeFileSync(path, wrong);
        site.cloud.cut({ only: 'sensor-42' });
        await told(site, 'an unusable secret', /secret file/);
    }
    writeFileSync(path, right);
}

async function comesBack(site) {
    await until('connected again', async () => {
        site.gateway.child.process.kill('SIGHUP');
        return (await site.gateway.status()).uplink.state === 'connected';
    }, { within: 90_000, every: 300 });
}

const debug = { FIELDLINK_DEBUG: '1' };
const quick = { slaves: false, sensors: {}, timeout: 300_000 };

/** There is more going wrong in a minute than a gateway may otherwise connect. */
function makeImpatient(site) {
    const yaml = readFileSync(site.gateway.configPath, 'utf8');
    writeFileSync(site.gateway.configPath, yaml.replace('per_minute: 60', 'per_minute: 1000'));
}

/** Notes each token that is minted. */
function noteTokens(site) {
    const tokens = [];
    const { mint } = site.provisioning;
    site.provisioning.mint = (device) => {
        tokens.push(mint(device));
        return tokens.at(-1);
    };
    return tokens;
}

siteTest('the device secret and the tokens that it brings appear nowhere', { ...quick, auth: 'provision' }, async (site) => {
    const secret = deviceSecret(), tokens = noteTokens(site);
    site.provisioning.secret = secret;
    site.secretFile('device-secret', secret);
    site.gateway.env = debug;
    makeImpatient(site);
    site.gateway.start();
    await site.gateway.connected();
    await provisioningGoesWrong(site);
    await serviceGoesWrong(site);
    await fileGoesWrong(site, 'device-secret', secret);
    site.provisioning.secret = 'another one';
    site.cloud.cut({ only: 'sensor-42' });
    await told(site, 'a wrong secret', /401/);
    site.provisioning.secret = secret;
    await comesBack(site);
    assert.ok(tokens.length > 5);
    await assertKept(site, [...forms(secret), ...tokens.flatMap(formsOfToken)], ['device-secret']);
});

siteTest('a token appears nowhere', { ...quick, auth: 'token' }, async (site) => {
    const token = readFileSync(`${site.directory}/token`, 'utf8').trim();
    site.gateway.env = debug;
    makeImpatient(site);
    site.gateway.start();
    await site.gateway.connected();
    await serviceGoesWrong(site);
    await fileGoesWrong(site, 'token', token);
    await comesBack(site);
    await assertKept(site, formsOfToken(token), ['token']);
});

const apiKey = `pk_live_${random()}`;
const keys = { [apiKey]: { peerId: 'sensor-42', channels: ['fleet/sensor-42/**'], permissions: ['publish', 'subscribe'] } };
siteTest('an API key appears nowhere', { ...quick, auth: 'api_key', cloud: { keys } }, async (site) => {
    site.secretFile('key', apiKey);
    site.gateway.env = debug;
    makeImpatient(site);
    site.gateway.start();
    await site.gateway.connected();
    await serviceGoesWrong(site);
    await fileGoesWrong(site, 'key', apiKey);
    await comesBack(site);
    await assertKept(site, [...forms(apiKey), ...forms(apiKey.slice('pk_live_'.length))], ['key']);
});

siteTest('a secret from the environment stays there', { ...quick, auth: 'provision' }, async (site) => {
    const secret = deviceSecret(), tokens = noteTokens(site);
    site.provisioning.secret = secret;
    const yaml = readFileSync(site.gateway.configPath, 'utf8');
    const changed = yaml.replace(/secret: \{file: [^}]*\}/, 'secret: {env: FIELDLINK_TEST_SECRET}');
    assert.notEqual(changed, yaml);
    writeFileSync(site.gateway.configPath, changed);
    site.gateway.env = { ...debug, FIELDLINK_TEST_SECRET: secret };
    makeImpatient(site);
    site.gateway.start();
    await site.gateway.connected();
    await provisioningGoesWrong(site);
    await comesBack(site);
    await assertKept(site, [...forms(secret), ...tokens.flatMap(formsOfToken)], ['device-secret'], { inEnvironment: secret });
});

for (const [what, options, env] of [
    ['a certificate of an unknown authority', { tls: true, trust: false }, {}],
    ['a proxy that is not there', {}, { http_proxy: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9', no_proxy: '' }],
]) {
    for (const auth of ['provision', 'token']) {
        siteTest(`${what}: the ${auth} credential appears nowhere`, { ...quick, ...options, auth }, async (site) => {
            const secret = deviceSecret();
            site.provisioning.secret = secret;
            if (auth === 'provision') site.secretFile('device-secret', secret);
            const token = auth === 'token' ? readFileSync(`${site.directory}/token`, 'utf8').trim() : '';
            site.gateway.env = { ...debug, ...env };
            site.gateway.start();
            await site.gateway.untilStatus('has an end of its first attempt', ({ uplink }) => uplink.last_error !== '' || uplink.state === 'connected');
            await assertKept(site, [...forms(secret), ...(token ? formsOfToken(token) : [])], ['device-secret', 'token']);
        });
    }
}

siteTest('a developer gets core dumps by FIELDLINK_CORE=1', { ...quick, auth: 'token' }, async (site) => {
    site.gateway.env = { FIELDLINK_CORE: '1' };
    site.gateway.start();
    await site.gateway.connected();
    assert.equal(proc(site.gateway.child.pid, 'coredump_filter'), readFileSync('/proc/self/coredump_filter', 'latin1'));
});
