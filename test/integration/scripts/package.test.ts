import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cache } from '../../../scripts/lib/paths.mjs';
import { hostTarget, makeVsix } from '../../../scripts/package.mjs';

function staged(target: string): string[] {
  const folder = path.join(cache, 'stage', target);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.split(path.sep).join('/'));
}

describe('the VSIX', () => {
  beforeAll(async () => {
    await makeVsix();
    await makeVsix({ target: 'universal' });
  });

  test('for this platform holds this platform\'s SQLite and no other', () => {
    expect(staged(hostTarget()).filter((file) => file.endsWith('.node'))).toHaveLength(1);
  });

  test('for every platform holds no native module', () => {
    expect(staged('universal').filter((file) => file.endsWith('.node'))).toEqual([]);
  });

  test('holds no sources, no source maps and no settings of the checkout', () => {
    const strangers = staged(hostTarget()).filter((file) => /\.(ts|map|pyc)$|(^|\/)(src|test|scripts|\.git|\.npmrc|\.env)(\/|$)/.test(file));
    expect(strangers).toEqual([]);
    const manifest = JSON.parse(readFileSync(path.join(cache, 'stage', hostTarget(), 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['scripts']));
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['devDependencies']));
  });

  test('holds an extension of at most 500 KB', () => {
    const bytes = statSync(path.join(cache, 'stage', hostTarget(), 'dist', 'extension.js')).size;
    expect(bytes).toBeLessThanOrEqual(500 * 1024);
  });

  test('is not made for a platform that does not exist', async () => {
    await expect(makeVsix({ target: 'plan9-x64' })).rejects.toThrow('no such target: plan9-x64');
  });
});
