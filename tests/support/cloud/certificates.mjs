/** A certificate authority and a server certificate for loopback, made anew for each run by the openssl tool. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/**
 * Makes `{caFile, key, cert, remove}`: the path of the authority's certificate for clients, the server's key and
 * certificate in PEM, and a function that deletes the files. `names` are subjectAltName entries; others than loopback's
 * make a certificate for the wrong host. `days` may be negative for one that has expired. `env` is added to the openssl
 * tool's environment: with another wall clock their validity begins at another time.
 */
export async function makeCertificates({ names = ['DNS:localhost', 'IP:127.0.0.1'], days = 2, env = {} } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'fieldlink-tls-'));
    const at = (name) => join(folder, name);
    const openssl = (args) => run('openssl', args, { env: { ...process.env, ...env } });
    await openssl([
        'req',
        '-x509',
        ...ec,
        '-days',
        '3',
        '-subj',
        '/CN=fieldlink test authority',
        '-keyout',
        at('ca.key'),
        '-out',
        at('ca.pem'),
    ]);
    await openssl([
        'req',
        ...ec,
        '-subj',
        '/CN=localhost',
        '-keyout',
        at('server.key'),
        '-out',
        at('server.csr'),
    ]);
    await writeFile(at('server.ext'), `subjectAltName=${names.join(',')}\nbasicConstraints=CA:FALSE\n`);
    await openssl([
        'x509',
        '-req',
        '-in',
        at('server.csr'),
        '-CA',
        at('ca.pem'),
        '-CAkey',
        at('ca.key'),
        '-CAcreateserial',
        '-days',
        String(days),
        '-extfile',
        at('server.ext'),
        '-out',
        at('server.pem'),
    ]);
    return {
        caFile: at('ca.pem'),
        key: await readFile(at('server.key'), 'utf8'),
        cert: await readFile(at('server.pem'), 'utf8'),
        remove: () => rm(folder, { recursive: true }),
    };
}
