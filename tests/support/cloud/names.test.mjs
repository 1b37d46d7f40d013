import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import test from 'node:test';
import { NameServer } from './names.mjs';

test('a name server answers, denies, fails or is silent, as told', async (t) => {
    const server = await new NameServer({ name: 'cloud.test', address: '127.0.0.9', host: '127.0.0.1', port: 0 }).start();
    t.after(() => server.stop());
    const resolver = new Resolver({ timeout: 200, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.port}`]);
    assert.deepEqual(await resolver.resolve4('cloud.test'), ['127.0.0.9']);
    await assert.rejects(resolver.resolve6('cloud.test'), { code: 'ENODATA' });
    server.ipv6 = true;
    assert.deepEqual(await resolver.resolve6('cloud.test'), ['::1']);
    await assert.rejects(resolver.resolve4('other.test'), { code: 'ENOTFOUND' });
    for (const [mood, code] of [
        ['nxdomain', 'ENOTFOUND'],
        ['servfail', 'ESERVFAIL'],
        ['silence', 'ETIMEOUT'],
    ]) {
        server.mood = mood;
        await assert.rejects(resolver.resolve4('cloud.test'), { code }, mood);
    }
    assert.equal(server.hits, 7);
    assert.ok(server.lastAt >= server.firstAt);
});
