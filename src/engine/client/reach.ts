/** From no connection to one that has shaken hands: find the engine, start it where there is none, replace an older one. */
import { describeError, RunyardError, systemCode } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import { PROTOCOL_VERSION, type MethodResults } from '../../protocol/engine';
import { isOwnSocket, newAddress } from './address';
import { isHeld, lockPath, readLock } from './lock-record';
import { spawnEngine } from './spawn';
import { compareVersions } from './versions';
import { openWire, type Wire } from './wire';

export interface Reached { wire: Wire; hello: MethodResults['engine.hello'] }
export interface ReachOptions {
  workspace: string; version: string; clientName: string; enginePath: string; log: Log; spawnEnv?: Record<string, string>;
  /** wait this long for somebody else's engine before starting one */
  waitMs?: number;
}

const GIVE_UP_MS = 60_000;
const HELLO_MS = 20_000;

/**
 * Reaches the engine of a workspace. Throws engine_unreachable where that fails for a minute, unsupported where a newer engine
 * speaks another protocol, and what the engine's start threw.
 */
export async function reach(options: ReachOptions): Promise<Reached> {
  const end = performance.now() + GIVE_UP_MS;
  const patience = performance.now() + (options.waitMs ?? 0);
  let last: unknown = new Error('nobody listens');
  while (performance.now() < end) {
    const wire = await tryWire(options.workspace);
    if (wire) {
      const reached = await shakeHands(wire, options).catch((error: unknown) => { last = error; return fatalOrNull(error); });
      if (reached) return reached;
    } else if (performance.now() >= patience && !engineIsStarting(options.workspace)) {
      options.log.info('starting an engine');
      await spawnEngine({ ...options, env: options.spawnEnv });
      continue;
    }
    await pause(50);
  }
  throw new RunyardError('engine_unreachable', `the engine of ${options.workspace} can't be reached: ${describeError(last)}`, 'run `runyard doctor`');
}

/** A wire to whatever listens for this workspace, or null. The lock file knows the address, whatever the environment it was started in. */
async function tryWire(workspace: string): Promise<Wire | null> {
  const record = readLock(lockPath(workspace));
  const address = record && record.workspace === workspace ? record.address : newAddress(workspace);
  if (!isOwnSocket(address)) throw new RunyardError('refused', `the socket ${address} isn't this user's alone`, `delete ${lockPath(workspace)} and try again`);
  try {
    return await openWire(address);
  } catch (error) {
    if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAGAIN'].includes(systemCode(error))) return null;
    throw new RunyardError('engine_unreachable', `the engine's socket can't be opened: ${describeError(error)}`, 'run `runyard doctor`', { cause: error });
  }
}

/** A process holds the lock and doesn't listen yet (it opens the store) or any more (it closes). */
function engineIsStarting(workspace: string): boolean {
  const record = readLock(lockPath(workspace));
  return record !== null && record.workspace === workspace && isHeld(record);
}

/** Null where this engine makes room and another has to be reached. */
async function shakeHands(wire: Wire, options: ReachOptions): Promise<Reached | null> {
  // An engine that hangs (stopped, or on a disk that doesn't answer) must not hang who asks.
  const silent = setTimeout(() => wire.close(), HELLO_MS);
  const hello = await wire.request('engine.hello', { client: options.clientName, version: options.version, protocol: PROTOCOL_VERSION }).finally(() => clearTimeout(silent));
  if (hello.workspace !== options.workspace) {
    wire.close();
    throw new RunyardError('engine_unreachable', `the engine that answers serves ${hello.workspace}`, 'the workspace was moved: try again in some seconds');
  }
  if (compareVersions(options.version, hello.version) > 0) {
    options.log.info(`engine ${hello.version} makes room for ${options.version}`);
    await wire.request('engine.shutdown', { reason: 'upgrade' });
    await wire.closed;
    return null;
  }
  if (hello.protocol !== PROTOCOL_VERSION) {
    wire.close();
    throw new RunyardError('unsupported', `the engine is of Runyard ${hello.version}, newer than this ${options.version}`, 'update Runyard here, or reload the window');
  }
  return { wire, hello };
}

function fatalOrNull(error: unknown): null {
  if (error instanceof RunyardError && error.code === 'engine_unreachable') return null;
  throw error;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
