#!/usr/bin/env node
/** The simulated cloud as a program: channel service, provisioning service and control port. */
import { parseArgs } from 'node:util';
import { makeCertificates } from './certificates.mjs';
import { ControlServer } from './control.mjs';
import { ProvisioningService } from './provisioning.mjs';
import { ChannelService } from './service.mjs';

const help = `usage: main.mjs [options]

Runs a simulated channel service with its provisioning service on 127.0.0.1 and prints one line of JSON when ready.
It ends on SIGTERM, on SIGINT, or when its standard input is closed.

  --ws-port N         port of the channel service (default: a free one)
  --provision-port N  port of the provisioning service
  --control-port N    port for faults and counters (GET /counters, POST /order, /cut, /freeze, /close, ...)
  --tls               wss and https with a certificate made now; "ca" in the JSON line is the authority's file
  --secret TEXT       the device secret (default: device-secret)
  --token-lifetime S  seconds until a provisioned token expires (default: 3600)
  --connects N        connect attempts a minute and source address (default: 60)
  --key pk_live_X     accept this API key on all channels; may be repeated
  --stay              do not end when standard input is closed
  --help              this text

Faults and what they can do are described at the top of faults.mjs and service.mjs.
`;

const options = {
    'ws-port': { type: 'string', default: '0' },
    'provision-port': { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    tls: { type: 'boolean', default: false },
    secret: { type: 'string', default: 'device-secret' },
    'token-lifetime': { type: 'string', default: '3600' },
    connects: { type: 'string', default: '60' },
    key: { type: 'string', multiple: true, default: [] },
    stay: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
};

function readArguments() {
    try {
        return parseArgs({ options }).values;
    } catch (error) {
        process.stderr.write(`${error.message}\n\n${help}`);
        process.exit(2);
    }
}

async function startAll(given) {
    const certificates = given.tls ? await makeCertificates() : null;
    const everything = { channels: ['**'], permissions: ['publish', 'subscribe', 'send', 'presence'] };
    const service = await new ChannelService({
        port: Number(given['ws-port']),
        tls: certificates,
        connectAttempts: Number(given.connects),
        keys: Object.fromEntries(given.key.map((key) => [key, everything])),
    }).start();
    const lifetimeSeconds = Number(given['token-lifetime']);
    const provisioning = await new ProvisioningService({
        mint: (device) => service.token(device, { lifetimeSeconds }),
        secret: given.secret,
        tls: certificates,
        port: Number(given['provision-port']),
    }).start();
    const control = await new ControlServer({ service, provisioning, port: Number(given['control-port']) }).start();
    return { service, provisioning, control, certificates };
}

function announce({ service, provisioning, control, certificates }, given) {
    const backend = {
        channels: ['fleet/**'],
        permissions: ['publish', 'subscribe'],
        lifetimeSeconds: 10 * 365 * 86400,
    };
    const line = {
        ready: true,
        ws: service.url,
        provision: provisioning.url,
        control: control.url,
        deviceSecret: given.secret,
        tokenSecret: service.options.secret,
        backendToken: service.token('backend', backend),
        ...(certificates ? { ca: certificates.caFile } : {}),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Resolves on the first of the reasons to end. */
function reasonToEnd({ stay }) {
    return new Promise((resolve) => {
        process.once('SIGTERM', resolve);
        process.once('SIGINT', resolve);
        if (!stay) process.stdin.on('close', resolve).on('end', resolve).resume();
    });
}

const given = readArguments();
if (given.help) {
    process.stdout.write(help);
} else {
    const parts = await startAll(given);
    announce(parts, given);
    await reasonToEnd(given);
    await Promise.all([parts.service.stop(), parts.provisioning.stop(), parts.control.stop()]);
    await parts.certificates?.remove();
    process.exit(0);
}
