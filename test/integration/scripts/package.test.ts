import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { natives } from '../../../scripts/lib/native.mjs';
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

  test('for this platform holds this platform\'s SQLite, DuckDB and ONNX Runtime, and no other', () => {
    const names = natives[hostTarget()];
    expect(staged(hostTarget()).filter((file) => file.endsWith('.node')).sort()).toEqual([
      `dist/node_modules/@duckdb/node-bindings-${names?.duckdb ?? ''}/duckdb.node`,
      `dist/node_modules/better-sqlite3/prebuilds/${names?.sqlite ?? ''}.node`,
      ...(names?.onnx ? [`dist/node_modules/onnxruntime-node/bin/napi-v6/${names.onnx}/onnxruntime_binding.node`] : []),
    ]);
  });

  test('loads its native modules from where it lies, without the checkout', () => {
    const at = path.join(mkdtempSync(path.join(tmpdir(), 'runyard-vsix-')), 'dist');
    cpSync(path.join(cache, 'stage', hostTarget(), 'dist'), at, { recursive: true });
    const script = "for (const name of ['better-sqlite3', '@duckdb/node-api', 'onnxruntime-node']) console.log(name, Object.keys(require(name)).length > 0 || typeof require(name));";
    const said = spawnSync(process.execPath, ['-e', script], { cwd: at, encoding: 'utf8' });
    rmSync(path.dirname(at), { recursive: true });
    expect(said.stderr).toBe('');
    expect(said.stdout.split('\n').filter((line) => / (true|function)$/.test(line))).toHaveLength(3);
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
