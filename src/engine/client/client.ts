/** What doors hold: a connection to the workspace's engine that starts it when needed and comes back after a crash or an upgrade. */
import type { Disposable } from '../../core/base/disposable';
import { describeError, RunyardError, systemCode } from '../../core/base/errors';
import { emitter } from '../../core/base/events';
import { silentLog, type Log } from '../../core/base/log';
import type { EngineEvents, MethodName, MethodParams, MethodResults } from '../../protocol/engine';
import { reach, type Reached } from './reach';
import { workspaceRoot } from './address';

export type ClientState = 'connected' | 'reconnecting' | 'closed';
export interface ConnectOptions {
  workspace: string;
  /** this program's version: an older engine is asked to make room for one of this version */
  version: string;
  /** as the engine's log names this client, such as 'vscode' or 'cli' */
  clientName: string;
  /** path of the engine's bundle, started where no engine runs */
  enginePath: string;
  log?: Log;
  /** put over this process's environment for an engine that is started */
  spawnEnv?: Record<string, string>;
}
export interface EngineClient extends Disposable {
  /** What the engine said of itself when it was last reached. */
  readonly hello: MethodResults['engine.hello'];
  readonly state: ClientState;
  /**
   * Asks the engine. While it is being reached again this waits. A question that only reads is asked once more where the
   * engine went away in between; one that changes something is not: it rejects with engine_unreachable.
   */
  request<M extends MethodName>(method: M, ...params: Record<string, never> extends MethodParams<M> ? [MethodParams<M>?] : [MethodParams<M>]): Promise<MethodResults[M]>;
  on<E extends keyof EngineEvents>(event: E, listener: (value: EngineEvents[E]) => void): Disposable;
  /** After `connected` comes a `changed` event that says everything may have changed, and an `evaluated` that names none. */
  onState(listener: (state: ClientState, error?: RunyardError) => void): Disposable;
}

const CHANGING = new Set<MethodName>(['runs.launch', 'runs.rerun', 'runs.stop', 'runs.edit', 'runs.delete', 'runs.restore', 'gc.run', 'engine.shutdown',
  // Not evaluations.run: the same question again is the same evaluation.
  'evaluations.delete', 'evaluations.saveSlice', 'evaluations.judge',
  // Not registry.register or registry.gate: the same bytes are the same version, and the same evidence the same report.
  'registry.describe', 'registry.alias', 'registry.approve', 'registry.promote', 'registry.rollback', 'registry.comment', 'retraining.run']);
const EVERYTHING: EngineEvents['changed'] = { runs: [], experiments: [], config: true, structure: true, metrics: [] };
/** How long to wait before each further try to reach a lost engine, in ms; after the last it is closed for good. */
const BACKOFF = [0, 100, 250, 500, 1000, 2000, 5000, 10_000, 10_000, 10_000];

/** Connects to the workspace's engine, starting it where none runs. Throws what keeps the engine from starting (store_newer ...). */
export async function connectEngine(options: ConnectOptions): Promise<EngineClient> {
  const log = options.log ?? silentLog;
  const workspace = workspaceRoot(options.workspace);
  const events = emitter<{ name: keyof EngineEvents; value: EngineEvents[keyof EngineEvents] }>();
  const states = emitter<{ state: ClientState; error?: RunyardError }>();
  let state: ClientState = 'connected';
  let lastReason: EngineEvents['closing']['reason'] | null = null;
  let wakeUp: () => void = () => undefined;
  const full = { ...options, workspace, log };

  const enter = (next: ClientState, error?: RunyardError): void => {
    if (state === 'closed' || state === next) return;
    state = next;
    states.fire(error ? { state, error } : { state });
  };
  const attach = (reached: Reached): Reached => {
    lastReason = null;
    reached.wire.events.on((event) => {
      if (event.name === 'closing') lastReason = (event.value as EngineEvents['closing']).reason;
      events.fire(event);
    });
    void reached.wire.closed.then(() => lose());
    return reached;
  };
  let current: Promise<Reached> = reach(full).then(attach);
  let hello = (await current).hello;

  function lose(): void {
    if (state === 'closed') return;
    enter('reconnecting');
    current = again();
    // Whoever asks meanwhile hears of it; where nobody asks, onState has told.
    current.catch((error: unknown) => log.warn(`the engine can't be reached: ${describeError(error)}`));
  }
  async function again(): Promise<Reached> {
    log.info(`the engine went away${lastReason ? ` (${lastReason})` : ''}`);
    const makesRoom = lastReason === 'upgrade';
    let last: unknown;
    for (const [attempt, wait] of BACKOFF.entries()) {
      await new Promise<void>((resolve) => {
        wakeUp = resolve;
        setTimeout(resolve, wait);
      });
      if (disposed()) throw closedError();
      try {
        // After 'upgrade' somebody newer is starting the next engine: leave that to them for a while.
        const reached = attach(await reach({ ...full, waitMs: makesRoom && attempt === 0 ? 5000 : 0 }));
        hello = reached.hello;
        enter('connected');
        events.fire({ name: 'changed', value: EVERYTHING });
        events.fire({ name: 'evaluated', value: { evaluations: [] } });
        return reached;
      } catch (error) {
        last = error;
        log.warn(`try ${attempt + 1} to reach the engine: ${describeError(error)}`);
        if (error instanceof RunyardError && !['engine_unreachable', 'conflict', 'internal'].includes(error.code)) break;
      }
    }
    const error = last instanceof RunyardError ? last : new RunyardError('engine_unreachable', `the engine can't be reached: ${describeError(last)}`, 'reload the window, or run `runyard doctor`');
    enter('closed', error);
    throw error;
  }
  const disposed = (): boolean => state === 'closed';

  return {
    get hello() { return hello; },
    get state() { return state; },
    async request(method, ...[params]) {
      if (disposed()) await current.then(() => { throw closedError(); });
      const given = (params ?? {}) as MethodParams<typeof method>;
      const { wire } = await current;
      try {
        return await wire.request(method, given);
      } catch (error) {
        const lost = error instanceof RunyardError && error.code === 'engine_unreachable';
        if (!lost || CHANGING.has(method) || disposed()) throw error;
        await wire.closed;
        return (await current).wire.request(method, given);
      }
    },
    on: (event, listener) => events.on(({ name, value }) => {
      if (name === event) listener(value as EngineEvents[typeof event]);
    }),
    onState: (listener) => states.on(({ state: next, error }) => listener(next, error)),
    dispose() {
      if (disposed()) return;
      enter('closed');
      wakeUp();
      current.then(({ wire }) => wire.close(), (error: unknown) => log.info(`closed while the engine was away: ${systemCode(error) || describeError(error)}`));
    },
  };
}

const closedError = (): RunyardError => new RunyardError('engine_unreachable', 'this connection to the engine is closed', 'reload the window');
