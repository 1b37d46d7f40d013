/** The words of the matrix: how long things may take and who says so, and what can be done to a gateway. */
import { renameSync, writeFileSync } from 'node:fs';

export const seconds = (n) => n * 1000;

/** How late this machine may be with anything, when it runs forty sanitized gateways on two cores. */
export const slack = 3_000;

/** The rows' own `reconnect`: what a normal back-off may take at most is max_delay, full jitter (wire-protocol.md). */
export const reconnect = { initial_delay: '100ms', max_delay: '2s', per_minute: 60 };
const maxDelay = seconds(2);

/** After a trouble that is over: the sum of a phase's or a reaction's own time and one normal back-off. */
const after = (ms, by, floor = 0) => ({ within: ms + maxDelay, floor, by });

// clang-format off
export const normal    = after(0,            'normal back-off: at most max_delay');
export const atOnce    = { within: 500, floor: 0, by: '4002: fresh token, reconnect at once' };
export const slow      = after(seconds(60),  'slow lane: 60 s floor',                    seconds(60));
export const halfSlow  = after(seconds(30),  'slow lane: 30 s floor',                    seconds(30));
export const suspended = after(seconds(300), 'slow lane: 5 min floor (4012)',            seconds(300));
export const deploy    = after(seconds(3),   'retryAfterMs, then spread over max_delay', seconds(3));
export const toldWhen  = after(seconds(5),   'Retry-After',                              seconds(5));
export const tooMany   = after(seconds(60),  '429: 60 attempts in 60 s; Retry-After',    seconds(5));
export const resolving = after(seconds(10),  'DNS: at most 10 s');
export const reaching  = after(seconds(15),  'TCP connect: at most 15 s');
export const securing  = after(seconds(10),  'TLS: at most 10 s');
export const upgrading = after(seconds(10),  'upgrade: at most 10 s');
export const welcoming = after(seconds(10),  'no welcome within 10 s: close 4000, retry');
export const lateAck   = after(seconds(12),  'an ack 10 s late; the close may take 2 s');
export const vanished  = after(seconds(30),  'TCP_USER_TIMEOUT: 20 to 30 s');
export const afterOutage = after(seconds(8), 'an outage of 8 s, normal back-off');
export const provision = after(seconds(2),   'provision.timeout of 2 s');
export const rearmed   = after(0,            'a changed file or SIGHUP re-arms at once');
export const kernelTells = { within: 3_000, floor: 0, by: 'netlink: an immediate, jittered retry' };
export const resubscribe = { within: seconds(2), floor: 0, by: 'subscribe: tried again after 2 s' };
export const undecided = { within: seconds(19), floor: 0, by: 'no ack in 15 s, subscribe again after 2 s' };
export const untouched = { within: seconds(2), floor: 0, by: 'no reaction: readings go on' };
export const tryAgain  = { within: seconds(2), floor: 0, by: 'that message again, alone' };
export const tryLater  = { within: seconds(60), floor: seconds(1), by: 'that message again after 1 s to 60 s' };
export const holdChannel = { within: seconds(62), floor: seconds(60), by: 'channel held: slow lane, 60 s floor' };
export const holdAll   = { within: seconds(302), floor: seconds(60), by: 'over_message_quota: the flush held for minutes' };
// clang-format on

/** An order for the service's FaultBook; the trouble is each hit. */
export const fault = (order) => ({ site }) => site.cloud.faults.order(order);

/** The same, for telemetry only. */
export const faultOfTelemetry = (order) => fault({ ...order, channel: 'fleet/*/telemetry' });

/** An order for the provisioning service. */
export const provisioned = (order) => ({ site }) => site.provisioning.order(order);

/** Something that is done once, now. */
export const now = (action) => async (scene) => {
    const at = Date.now();
    await action(scene.site, scene);
    return { hits: 1, left: 0, firstAt: at, lastAt: at };
};

const only = 'sensor-42';

export const closed = (code) => now(({ cloud }) => (code === 1006 ? cloud.cut({ only }) : cloud.close(code, { only })));
export const goingAway = (ms) => now(({ cloud }) => cloud.goingAway(ms, { only, closeAfterMs: 50 }));
export const frozen = (direction) => now(({ cloud }) => cloud.freeze({ only, direction }));
export const noise = (kind) => now(({ cloud }) => cloud.sendNoise(kind, { only }));
export const frame = (text) => now(({ cloud }) => cloud.sendFrame(text, { only }));

/** A command in three fragments, which must be carried out as any other. */
export const fragmentedCommand = now(({ cloud }) => {
    const { connection } = cloud.aimedAt({ only })[0];
    const data = { type: 'ping', id: 'in-fragments' };
    const text = JSON.stringify({ type: 'message', channel: `fleet/${only}/cmd`, from: 'backend', data });
    connection.sendRaw(text.slice(0, 10), { fin: false });
    connection.sendRaw(text.slice(10, 11), { fin: false });
    connection.sendRaw(text.slice(11), { fin: true });
});

/** Cuts the link and refuses the gateway for `ms`, in which it goes on storing; then `service` is as it says. */
export const cutWhile = (ms, action) => now((site) => {
    site.cloud.cut({ only, forMs: ms });
    action(site);
});

/** Other certificates, and a way back to the right ones. */
export const shows = (which) => now(({ cloud }, { certificates }) => cloud.setCertificate(certificates[which]));
export const showsRight = ({ site, certificates }) => site.cloud.setCertificate(certificates.right);

/** When the gateway has its commands channel (again), as far as a look every few ms tells. */
export const subscribed = ({ site }) => {
    const mine = [...site.cloud.hub.connections].find(({ peerId }) => peerId === only);
    return mine?.subscriptions.has(`fleet/${only}/cmd`) ? Date.now() : undefined;
};

const tokenOf = (site, claims) => `${site.cloud.token(only, claims)}\n`;

/** The token's file, written over in place or replaced by another file. */
export const writesToken = (claims) => ({ site }) => writeFileSync(`${site.directory}/token`, tokenOf(site, claims));
export const replacesToken = ({ site }) => {
    writeFileSync(`${site.directory}/token.new`, tokenOf(site), { mode: 0o600 });
    renameSync(`${site.directory}/token.new`, `${site.directory}/token`);
};
export const spoilsToken = ({ site }) => writeFileSync(`${site.directory}/token`, 'this.is.none\n');

/** Provisioning hands out tokens of `lifetimeSeconds` until healed. */
export const mints = (claims) => ({ site }) => {
    site.provisioning.mint = (device) => site.cloud.token(device, claims);
};
