import assert from 'node:assert/strict';
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import test from 'node:test';

import { LoopDisk } from './loop_disk.mjs';

function diskTest(name, body) {
    test(name, { skip: LoopDisk.whyNot() }, async () => {
        const directory = mkdtempSync(`${tmpdir()}/fieldlink-disk-`);
        const disk = await LoopDisk.create(directory);
        try {
            await body(disk);
        } finally {
            disk.remove();
            rmSync(directory, { recursive: true });
        }
    });
}

diskTest('a disk that was filled takes no byte more, until it is emptied', (disk) => {
    const free = disk.freeBytes;
    assert.ok(disk.fill() > 20 * 1024 * 1024);
    assert.equal(disk.freeBytes, 0);
    assert.throws(() => writeFileSync(`${disk.path}/more`, Buffer.alloc(4096)), { code: 'ENOSPC' });
    disk.empty();
    assert.ok(disk.freeBytes > 0.9 * free);
    writeFileSync(`${disk.path}/more`, Buffer.alloc(4096));
});

diskTest('a disk that fails takes nothing more, also by open files, and its copy has what was safe', async (disk) => {
    const file = openSync(`${disk.path}/file`, 'w');
    writeSync(file, 'safe');
    fsyncSync(file);
    await disk.fail();
    assert.throws(() => writeSync(file, 'lost'), { code: 'EROFS' });
    assert.equal(readFileSync(`${disk.path}/file`, 'utf8'), 'safe');
    await disk.replace();
    assert.throws(() => writeSync(file, 'lost'), { code: 'EROFS' }, 'the old disk does not come back');
    closeSync(file);
    assert.equal(readFileSync(`${disk.path}/file`, 'utf8'), 'safe');
    writeFileSync(`${disk.path}/file`, 'new');
});
