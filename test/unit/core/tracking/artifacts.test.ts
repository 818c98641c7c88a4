import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactPathProblem, objectPath, storeArtifact } from '../../../../src/core/tracking/artifacts';

let dir = '';
const run = (): string => join(dir, 'run');
const objects = (): string => join(dir, 'objects');
const file = (path: string): string => join(run(), 'artifacts', path);
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'runyard-artifacts-'));
  mkdirSync(file('sub'), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('artifacts', () => {
  it('are kept once by what is in them, and stay where the run put them', async () => {
    writeFileSync(file('a.bin'), 'same');
    writeFileSync(file('sub/b.bin'), 'same');
    const digest = createHash('sha256').update('same').digest('hex');
    expect(await storeArtifact(run(), 'a.bin', objects())).toEqual({ digest, size: 4 });
    expect(await storeArtifact(run(), 'sub/b.bin', objects())).toEqual({ digest, size: 4 });
    expect(await storeArtifact(run(), 'a.bin', objects())).toEqual({ digest, size: 4 });
    const inodes = [objectPath(objects(), digest), file('a.bin'), file('sub/b.bin')].map((path) => statSync(path).ino);
    expect(new Set(inodes).size).toBe(1);
    expect(readFileSync(file('sub/b.bin'), 'utf8')).toBe('same');
    expect(readdirSync(file('.')).sort()).toEqual(['a.bin', 'sub']);
  });

  it('a damaged object is made anew from the run\'s file', async () => {
    writeFileSync(file('a'), 'whole');
    const digest = createHash('sha256').update('whole').digest('hex');
    mkdirSync(join(objects(), digest.slice(0, 2)), { recursive: true });
    writeFileSync(objectPath(objects(), digest), 'who');
    await storeArtifact(run(), 'a', objects());
    expect(readFileSync(objectPath(objects(), digest), 'utf8')).toBe('whole');
  });

  it.each(['../x', 'a/../../x', '/etc/passwd', 'C:\\x', '\\\\host\\x', 'a\\..\\b', 'x\0y'])('refuses the path %j', async (path) => {
    expect(artifactPathProblem(path)).toContain('leaves');
    await expect(storeArtifact(run(), path, objects())).rejects.toMatchObject({ code: 'refused' });
  });

  it('refuses what leaves through a link, a folder, and what is not there', async () => {
    writeFileSync(join(dir, 'secret'), 'x');
    symlinkSync(join(dir, 'secret'), file('link'));
    symlinkSync(dir, file('up'));
    await expect(storeArtifact(run(), 'link', objects())).rejects.toMatchObject({ code: 'refused' });
    await expect(storeArtifact(run(), 'up/secret', objects())).rejects.toMatchObject({ code: 'refused' });
    await expect(storeArtifact(run(), 'sub', objects())).rejects.toMatchObject({ code: 'bad_input' });
    await expect(storeArtifact(run(), 'none', objects())).rejects.toMatchObject({ code: 'not_found' });
  });
});
