import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DUCKDB, ONNX_RUNTIME, tryNative, type NativeModule } from '../../../src/cli/native';

let folder: string;
beforeAll(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-native-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module that does `program` when it is loaded. */
function installed(name: string, program: string): [NativeModule, string] {
  const home = path.join(folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'index.js'), program);
  return [{ name, specifier: name, version: 'loaded.version' }, path.join(folder, 'cli.js')];
}

test.each([DUCKDB, ONNX_RUNTIME])('$name loads, and says its version', async (module) => {
  expect(await tryNative(module)).toEqual({ ok: true, version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
});

test('one that is not there, that fails to load or that crashes is a reason, not an error', async () => {
  expect(await tryNative({ name: 'none', specifier: 'runyard-none', version: 'loaded' })).toEqual({ ok: false, why: expect.stringContaining("Cannot find module 'runyard-none'") });
  expect(await tryNative(...installed('too-old', "throw new Error('version GLIBC_2.34 not found')"))).toEqual({ ok: false, why: 'version GLIBC_2.34 not found' });
  expect(await tryNative(...installed('crash', "process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 10000)"))).toEqual({ ok: false, why: 'it crashed (SIGSEGV)' });
});
