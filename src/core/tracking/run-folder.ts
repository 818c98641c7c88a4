/** The files of a run folder: where they lie, and how they are written so that nobody reads half of one. */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, linkSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';
import { describeError, RunyardError, systemCode } from '../base/errors';
import { exitRecord, runSpec, supervisorRecord, type ExitRecord, type RunSpec, type SupervisorRecord } from '../../protocol/spool';

export const runsDir = (workspace: string): string => join(workspace, '.runyard', 'runs');
/** A run folder lies at <workspace>/.runyard/runs/<id>: a moved workspace keeps working. */
export const workspaceOf = (folder: string): string => dirname(dirname(dirname(folder)));
export const isRunId = (name: string): boolean => /^[0-9a-f]{32}$/.test(name);
export const isSpool = (name: string): boolean => /^events\..*\.jsonl$/.test(name);
/** A script that logs for itself has such a file. */
export const isOwnSpool = (name: string): boolean => /^events\.py\..*\.jsonl$/.test(name);

const file = (name: string) => (folder: string): string => join(folder, name);
export const paths = {
  spec: file('spec.json'), stdout: file('stdout.log'), supervisor: file('supervisor.json'), supervisorLog: file('supervisor.log'),
  cancel: file('cancel'), adopted: file('mlflow.adopted'), client: file('client.json'), clientSpool: file('events.mlflow.jsonl'), exit: file('exit.json'), artifacts: file('artifacts'), engineSpool: file('events.engine.jsonl'),
} as const;

/** Makes the folder with its spec.json, on the disk when this returns unless `flush` says that it needn't be. Throws already_exists where the run is there, disk_full, or the system's error. */
export function createRunFolder(folder: string, spec: RunSpec, { flush = true } = {}): void {
  if (existsSync(paths.spec(folder))) throw new RunyardError('already_exists', `the run ${spec.runId} exists`);
  mkdirSync(folder, { recursive: true });
  writeWhole(paths.spec(folder), `${JSON.stringify(spec, null, 1)}\n`, { flush });
}

/** Writes beside and renames; the contents are on the disk before the name is. The file is this user's alone: it may hold their environment. */
export function writeWhole(target: string, text: string, { exclusive = false, flush = true } = {}): void {
  const part = `${target}.${process.pid}.part`;
  try {
    writeFileSync(part, text, { mode: 0o600, flush });
    if (exclusive) linkSync(part, target);
    else renameSync(part, target);
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw new RunyardError('disk_full', `no space to write ${basename(target)}`, 'free some space on that disk', { cause: error });
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

/** Parses one of the folder's JSON files; null where it isn't there. Throws bad_input that names the file where it can't be read as what it is. */
function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
    throw error;
  }
  const what = `${basename(dirname(path))}/${basename(path)}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RunyardError('bad_input', `${what} is not JSON: ${describeError(error)}`, '', { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RunyardError('bad_input', `${what}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as the contract says'}`);
}

export const readSpec = (folder: string): RunSpec | null => readJson(paths.spec(folder), runSpec);
export const readSupervisor = (folder: string): SupervisorRecord | null => readJson(paths.supervisor(folder), supervisorRecord);
export const readExit = (folder: string): ExitRecord | null => readJson(paths.exit(folder), exitRecord);
export const hasExit = (folder: string): boolean => existsSync(paths.exit(folder));
export const isCancelled = (folder: string): boolean => existsSync(paths.cancel(folder));

const EXIT_PART = '.exit.part';
const RESERVED = 1024;

/** Keeps room for exit.json while there is some, so that a disk that is full by then can't hide how the run ended. */
export function reserveExit(folder: string): void {
  writeFileSync(join(folder, EXIT_PART), ' '.repeat(RESERVED), { mode: 0o600, flush: true });
}

/** Writes exit.json, into the room kept for it where there is some; the first one stands. Throws where the disk doesn't take it. */
export function writeExit(folder: string, record: ExitRecord): void {
  if (hasExit(folder)) return;
  const part = join(folder, EXIT_PART);
  const short = { ...record, reason: record.reason.slice(0, 600) };
  const fd = openSync(part, existsSync(part) ? 'r+' : 'w', 0o600);
  try {
    writeSync(fd, Buffer.from(`${JSON.stringify(short)}\n`.padEnd(RESERVED)), 0, undefined, 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(part, paths.exit(folder));
}

/** Asks a run to stop. Asked before is asked. */
export function writeCancel(folder: string, by: string, t: number): void {
  if (!isCancelled(folder)) writeWhole(paths.cancel(folder), `${JSON.stringify({ by, t })}\n`);
}

/**
 * Appends whole lines to a spool of ours, all of them or, where the disk takes only a part, none. A line that an earlier writer left half
 * is closed first, to be told as a problem. Throws the system's error.
 */
export function appendLines(path: string, lines: readonly unknown[]): void {
  const fd = openSync(path, 'a+', 0o600);
  try {
    const { size } = fstatSync(fd);
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeAll(fd, Buffer.from(endsWhole(fd, size) ? text : `\n${text}`), size);
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, bytes: Buffer, size: number): void {
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
  } catch (error) {
    ftruncateSync(fd, size);
    throw error;
  }
}

function endsWhole(fd: number, size: number): boolean {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] === 10;
}
