/** A workspace with a model that is live, and a real scoring server over it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { inject, onTestFinished } from 'vitest';
import { createDatabase } from '../../../../src/core/evaluation/data/duckdb';
import { preparePointer, swapPointer } from '../../../../src/core/registry/live/pointer';
import { servingFolder } from '../../../../src/core/monitoring/log/place';
import { root } from '../../../../scripts/lib/paths.mjs';

export const fixture = (...parts: string[]): string => path.join(root, 'test', 'fixtures', 'reference', ...parts);
export interface Workspace { folder: string; log: string; promote(version: number, model: string | Uint8Array, environment?: string): Promise<void> }
export const MODEL = 'm@production';

export function workspace(yaml = ''): Workspace {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  mkdirSync(path.join(folder, '.runyard'));
  if (yaml !== '') writeFileSync(path.join(folder, 'runyard.yaml'), yaml);
  return {
    folder, log: servingFolder(folder, MODEL),
    async promote(version, model, environment = 'production') {
      const from = path.join(folder, `model-${version}.onnx`);
      if (typeof model === 'string') cpSync(model, from);
      else writeFileSync(from, model);
      const pointer = { root: path.join(folder, '.runyard', 'models'), model: 'm', environment };
      const file = { digest: createHash('sha256').update(readFileSync(from)).digest('hex'), size: statSync(from).size };
      const manifest = { format: 1 as const, model: 'm', environment, version, files: { 'model.onnx': file }, at: Date.now(), by: { name: 't', email: 't@t' }, reason: '', entry: `${version}-${Date.now()}` };
      await swapPointer(await preparePointer(pointer, manifest, [{ path: 'model.onnx', from }]));
    },
  };
}

export interface Running { address: string; process: ChildProcess; said(): string; ended: Promise<number | null>; version: number }

/** Throws what the server says where it doesn't start. */
export async function serve({ folder }: Workspace, more: readonly string[] = []): Promise<Running> {
  const child = spawn(process.execPath, [path.join(inject('programs'), 'serving.js'), '--workspace', folder, '--model', MODEL, '--version', '1.2.3', ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => { said += String(text); });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => { child.kill('SIGKILL'); await ended; });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then((code) => reject(new Error(`the server ended with ${code ?? 'a signal'}: ${said}`)));
  });
  const first = JSON.parse(line) as { ready?: boolean; address: string; version: number; error?: { code: string; message: string } };
  if (!first.ready) throw new Error(`${first.error?.code ?? ''}: ${first.error?.message ?? ''}`);
  return { address: first.address, version: first.version, process: child, said: () => said, ended };
}

export interface Answered { status: number; headers: Headers; body: { predictions?: (string | number | boolean | null)[]; probabilities?: Record<string, number>[]; error_code?: string; message?: string; column?: string; rule?: string } }
export async function post(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(`${address}/invocations`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: response.status, headers: response.headers, body: await response.json() as Answered['body'] };
}

/** What the Parquet files of a log hold. */
export async function logged(log: string, select: string): Promise<Record<string, unknown>[]> {
  const database = await createDatabase({ threads: 1 });
  try {
    return await database.use((session) => session.rows(`SELECT ${select} FROM read_parquet('${log}/date=*/*.parquet', union_by_name = true, hive_partitioning = false)`));
  } finally {
    database.close();
  }
}
