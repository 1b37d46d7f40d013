import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';

import { root } from '../support/harness/build.mjs';
import { Gateway } from '../support/harness/gateway.mjs';

const wrong = `${root}/tests/config/wrong`;

/** A wrong configuration is a file, or a directory where drop-ins take part. */
const files = readdirSync(wrong, { withFileTypes: true })
    .map((entry) => `${wrong}/${entry.name}${entry.isDirectory() ? '/fieldlink.yaml' : ''}`).sort();

/** `# expect: [DROP-IN:]LINE:COL: error: part of the text`, one comment for each mistake. */
function expectations(file) {
    const found = readFileSync(file, 'utf8').matchAll(/^# expect: (?:(\S+\.yaml):)?(\d+:\d+): error: (.*)$/gm);
    return [...found].map(([, dropIn, place, text]) => {
        const where = dropIn === undefined ? file : join(dirname(file), dropIn);
        return { begin: `${where}:${place}: error: `, text };
    });
}

test('there are at least 30 wrong configurations', () => assert.ok(files.length >= 30, `${files.length} in ${wrong}`));

for (const file of files) {
    test(`--check finds what is wrong in ${file.slice(wrong.length + 1)}`, async () => {
        const expected = expectations(file);
        assert.ok(expected.length > 0, 'there is no comment "# expect: LINE:COL: error: …"');
        const { code, output } = await Gateway.check(file);
        const errors = output.split('\n').filter((line) => line.includes(': error: '));
        const unmet = expected.filter(({ begin, text }) => !errors.some((line) => line.startsWith(begin) && line.includes(text)));
        assert.deepEqual(unmet, [], output);
        assert.equal(errors.length, expected.length, output);
        assert.equal(code, 1, output);
    });
}

test('--check accepts the example of the design', async () => {
    const { code, output } = await Gateway.check(`${root}/tests/config/right/design.yaml`);
    assert.equal(code, 0, output);
    assert.ok(!output.includes(': error: '), output);
});
