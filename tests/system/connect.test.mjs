import assert from 'node:assert/strict';

import { siteTest } from '../support/harness/site.mjs';
import { until } from '../support/harness/until.mjs';

for (const auth of ['provision', 'token', 'api_key']) {
    siteTest(`connects over wss with an authority of its own, by ${auth}`, { auth, tls: true }, async (site) => {
        site.gateway.start();
        await site.gateway.connected();
        await until('readings', () => site.readings('boiler').length >= 3);
        const { status } = await site.command({ type: 'ping' });
        assert.equal(status, 'done');
        assert.ok(!site.gateway.log().includes('device-secret'), 'a secret in the log');
    });
}

siteTest('a certificate of an unknown authority is refused, and the reason is told', {
    tls: true, auth: 'token', trust: false,
}, async (site) => {
    site.gateway.start();
    const status = await site.gateway.untilStatus('tells why', ({ uplink }) => uplink.last_error !== '');
    assert.notEqual(status.uplink.state, 'connected');
    assert.match(status.uplink.last_error, /certificate/i);
});

siteTest('a wrong secret is told, and the gateway goes on trying', { auth: 'provision' }, async (site) => {
    site.provisioning.secret = 'another';
    site.gateway.start();
    const status = await site.gateway.untilStatus('tells why', ({ uplink }) => /401/.test(uplink.last_error));
    assert.equal(status.uplink.state, 'waiting');
    assert.ok(status.uplink.next_attempt > Date.now());
});
