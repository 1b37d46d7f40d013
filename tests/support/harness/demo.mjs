/**
 * The show of tests/demo: Modbus devices, a simulated sensor, the gateway, and a subscriber on the official SDK that
 * prints what the fleet measures. The link is cut for 10 s, the gateway is killed once, and a verdict ends it; with
 * --forever the table goes on until Ctrl-C.
 */
import { FleetTable } from '../cloud/table.mjs';
import { demoSensors } from './sensors.mjs';
import { Site } from './site.mjs';
import { letPass } from './until.mjs';
import { printVerdict } from './verdict.mjs';

const forever = process.argv.includes('--forever');
const seconds = (n) => letPass(n * 1000);

/** Resolves when a person has had enough. */
const interrupted = new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
});

function say(table, line) {
    table.note = line;
    if (!process.stdout.isTTY) console.log(`-- ${line}`);
}

/** What only the daemon can tell, and forgets when it is killed: the polls of the sensor without hardware. */
async function simulatedPolls({ gateway }) {
    const { sensors } = await gateway.status();
    return sensors.simulated.polls;
}

async function show(site, table) {
    say(table, 'all is well: two Modbus devices over TCP, two over RTU on a pty, one simulated sensor');
    await seconds(15);
    site.cutLink(10_000);
    say(table, 'the link is cut for 10 s: the gateway goes on polling and keeps everything in its outbox');
    await seconds(10);
    say(table, 'the link is back: live readings first, the backlog beside them');
    await site.gateway.connected(60_000);
    await seconds(12);
    const polls = await simulatedPolls(site);
    await site.gateway.kill();
    say(table, 'the gateway was killed with SIGKILL and is started again in 3 s');
    await seconds(3);
    site.gateway.start();
    await site.gateway.connected(60_000);
    say(table, 'the gateway is back under a new epoch and sends what it still owes');
    await seconds(12);
    return polls;
}

async function perform(site, table) {
    site.gateway.start();
    await site.gateway.connected(60_000);
    const polls = await show(site, table);
    if (forever) {
        say(table, 'running until Ctrl-C');
        await interrupted;
    }
    say(table, 'the gateway is stopped, so that what it committed can be compared with what was received');
    return polls + await simulatedPolls(site);
}

const site = await Site.open({ every: '500ms', sensors: demoSensors('500ms'), config: { batch: { max_age: '1s' } } });
await site.plant.order('set 3 holding 10 600');
const table = new FleetTable({ subscriber: site.subscriber }).start();
let passed = false;
try {
    console.log(`fieldlinkd --config ${site.gateway.configPath}\nsubscriber on @metered-ca/realtime at ${site.cloud.url}\n`);
    const ended = forever ? perform(site, table) : Promise.race([perform(site, table), interrupted.then(() => null)]);
    const polls = await ended;
    table.stop();
    if (polls === null) console.log('interrupted before the end: no verdict');
    else passed = await printVerdict(site, polls);
} catch (error) {
    table.stop();
    console.error(`the demo failed: ${error.stack}\n${site.report()}`);
} finally {
    await site.close({ keep: !passed });
}
process.exit(passed ? 0 : 1);
