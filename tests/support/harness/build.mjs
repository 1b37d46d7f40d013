/** Where the built programs are: $FIELDLINK_BUILD, else build/dev of this tree. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const buildDirectory = resolve(process.env.FIELDLINK_BUILD ?? `${root}/build/dev`);

function built(path) {
    const file = `${buildDirectory}/${path}`;
    if (!existsSync(file)) throw new Error(`${file} is not built; run tests/run, or set FIELDLINK_BUILD`);
    return file;
}

export const fieldlinkd = () => built('daemon/fieldlinkd');
export const fieldlinkctl = () => built('daemon/ctl/fieldlinkctl');
export const modbusSlave = () => built('tests/support/modbus_slave/modbus_slave');
export const wallClock = () => built('tests/support/wall_clock/wall_clock.so');
export const driverDirectory = () => built('drivers');
