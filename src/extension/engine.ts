/** The window's connection to the workspace's engine: made at the first question, made anew after it closed for good. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../core/base/disposable';
import { describeError, RunyardError } from '../core/base/errors';
import type { ChangedEvent, EngineEvents, MethodName, MethodParams, MethodResults } from '../protocol/engine';
import { connect, type EngineClient } from './connect';

export type EngineState = 'off' | 'starting' | 'ready' | 'failed';

export interface Engine extends vscode.Disposable {
  readonly state: EngineState;
  readonly onState: vscode.Event<EngineState>;
  readonly onChanged: vscode.Event<ChangedEvent>;
  /** How far a long question of an evaluation is; of all windows and terminals. */
  readonly onEvaluating: vscode.Event<EngineEvents['evaluating']>;
  /** Evaluations were made, deleted or judged. */
  readonly onEvaluated: vscode.Event<EngineEvents['evaluated']>;
  /** Versions, moves, approvals or comments of these models changed; empty: of all. */
  readonly onRegistry: vscode.Event<EngineEvents['registry']>;
  /** Something of the registry that a person should know at once. */
  readonly onAttention: vscode.Event<EngineEvents['attention']>;
  /** Results, alerts, feedback or retrainings are others than before. */
  readonly onMonitoring: vscode.Event<EngineEvents['monitoring']>;
  /** An alert opened, woke or ended by itself. */
  readonly onAlert: vscode.Event<EngineEvents['alert']>;
  /** Asks the engine, starting it where it isn't running. @throws RunyardError */
  request<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResults[M]>;
  /** Ends the engine and starts a new one; runs go on meanwhile. */
  restart(): Promise<void>;
}

export interface EngineOptions { folder: vscode.WorkspaceFolder | undefined; version: string; enginePath: string; log: vscode.LogOutputChannel }

/** True where the event is of this run, or says that anything may have changed. */
export function concerns(event: ChangedEvent, run: string): boolean {
  return event.runs.includes(run) || (event.structure && event.experiments.length === 0);
}

/** Makes the connection's holder; nothing is started before the first request. */
export function createEngine(options: EngineOptions): Engine {
  const { folder, log } = options;
  const states = new vscode.EventEmitter<EngineState>();
  const changes = new vscode.EventEmitter<ChangedEvent>();
  const evaluating = new vscode.EventEmitter<EngineEvents['evaluating']>();
  const evaluated = new vscode.EventEmitter<EngineEvents['evaluated']>();
  const registry = new vscode.EventEmitter<EngineEvents['registry']>();
  const attention = new vscode.EventEmitter<EngineEvents['attention']>();
  const monitoring = new vscode.EventEmitter<EngineEvents['monitoring']>();
  const alerts = new vscode.EventEmitter<EngineEvents['alert']>();
  let state: EngineState = 'off';
  let ended = false;
  let open: Promise<EngineClient> | undefined;
  let follow: Disposable | undefined;

  const turn = (next: EngineState): void => {
    if (state === next || ended) return;
    state = next;
    states.fire(next);
  };

  const start = async (): Promise<EngineClient> => {
    refuseWhere(folder, ended);
    turn('starting');
    const client = await connect({
      workspace: folder.uri.fsPath, version: options.version, clientName: 'vscode', enginePath: options.enginePath,
      log: { info: (text) => log.info(text), warn: (text) => log.warn(text), error: (text, cause) => log.error(text, cause ?? '') },
    });
    if (ended) {
      client.dispose();
      throw new RunyardError('cancelled', 'the window is closing');
    }
    client.on('changed', (event) => changes.fire(event));
    client.on('evaluating', (event) => evaluating.fire(event));
    client.on('evaluated', (event) => evaluated.fire(event));
    client.on('registry', (event) => registry.fire(event));
    client.on('attention', (event) => attention.fire(event));
    client.on('monitoring', (event) => monitoring.fire(event));
    client.on('alert', (event) => alerts.fire(event));
    client.on('notice', ({ level, text }) => tell(log, level, text));
    client.onState((next, error) => {
      log.info(`engine: ${next}${error ? `: ${describeError(error)}` : ''}`);
      if (next === 'connected') turn('ready');
      else if (next === 'reconnecting') turn('starting');
      else if (error) {
        // Closed for good: the next question starts from the beginning.
        open = undefined;
        turn('failed');
      }
    });
    for (const text of client.hello.notices) tell(log, 'warn', text);
    log.info(`engine ${client.hello.version} (process ${client.hello.pid}) on ${client.hello.store}`);
    follow?.dispose();
    const { followEngineLog } = await import('./engine-log');
    follow = followEngineLog(path.join(folder.uri.fsPath, '.runyard', 'logs', 'engine.log'), log);
    turn('ready');
    return client;
  };

  const connection = (): Promise<EngineClient> => {
    open ??= start().catch((error: unknown) => {
      open = undefined;
      turn('failed');
      log.error(`the engine could not be reached: ${describeError(error)}`);
      throw error;
    });
    return open;
  };
  const request = async <M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResults[M]> => {
    const client = await connection();
    // Its signature lets params be left out where none are needed; here they are always given.
    const ask: (name: M, given: MethodParams<M>) => Promise<MethodResults[M]> = client.request;
    return ask(method, params);
  };
  const close = async (): Promise<void> => {
    const before = open;
    open = undefined;
    (await before?.catch(() => undefined))?.dispose();
  };

  return {
    get state() { return state; },
    onState: states.event,
    onChanged: changes.event,
    onEvaluating: evaluating.event,
    onEvaluated: evaluated.event,
    onRegistry: registry.event,
    onAttention: attention.event,
    onMonitoring: monitoring.event,
    onAlert: alerts.event,
    request,
    async restart() {
      if (await open?.catch(() => undefined)) {
        await request('engine.shutdown', { reason: 'asked' }).catch((error: unknown) => log.warn(`the engine did not say goodbye: ${describeError(error)}`));
      }
      await close();
      turn('off');
      await connection();
    },
    dispose() {
      ended = true;
      follow?.dispose();
      close().catch((error: unknown) => log.warn(describeError(error)));
      for (const one of [states, changes, evaluating, evaluated, registry, attention, monitoring, alerts]) one.dispose();
    },
  };
}

function tell(log: vscode.LogOutputChannel, level: 'info' | 'warn' | 'error', text: string): void {
  log[level](text);
  if (level === 'error') void vscode.window.showErrorMessage(`Runyard: ${text}`);
  else if (level === 'warn') void vscode.window.showWarningMessage(`Runyard: ${text}`);
}

/** Says no where no engine may run. */
function refuseWhere(folder: vscode.WorkspaceFolder | undefined, ended: boolean): asserts folder is vscode.WorkspaceFolder {
  if (ended) throw new RunyardError('cancelled', 'the window is closing');
  if (!folder) throw new RunyardError('refused', 'no folder is open', 'open the folder that holds your training scripts');
  if (!vscode.workspace.isTrusted) throw new RunyardError('untrusted', 'this folder is not trusted, so nothing runs here', 'trust it with "Workspaces: Manage Workspace Trust"');
}
