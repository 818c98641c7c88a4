/** What every panel's host does alike: parses what the page says, answers each request or says why not, and keeps for later what happened while nobody looked. */
import * as vscode from 'vscode';
import type { z } from 'zod';
import { describeError, RunyardError } from '../../core/base/errors';
import type { wireError } from '../../protocol/engine';
import type { Host } from '../host';
import { panelPage } from './page';

type PanelMessage<M extends string> = { kind: 'ready' } | { kind: 'request'; id: number; method: M; params?: unknown };

export interface BridgeOptions<M extends string> {
  /** dist/webview/<name>.js and .css */
  name: string;
  /** of the page, for screen readers */
  title: string;
  toHost: z.ZodType<PanelMessage<M>>;
  /** the page listens: it is told what it is of */
  onReady(): void;
  answer(method: M, params: unknown): Promise<unknown>;
}

/** Scripts, and nothing but our own files. */
export const panelOptions = (host: Host): vscode.WebviewOptions => ({ enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(host.context.extensionUri, 'dist', 'webview')] });

/** Fills the panel with its page and answers it until it is closed. */
export function connectPanel<M extends string>(host: Host, panel: vscode.WebviewPanel, options: BridgeOptions<M>): vscode.Disposable {
  const { webview } = panel;
  const send = (message: object): void => void webview.postMessage(message);
  const listening = webview.onDidReceiveMessage(async (raw: unknown) => {
    const message = options.toHost.safeParse(raw);
    if (!message.success) {
      host.log.warn(`the ${options.name} panel said something unknown: ${message.error.message}`);
      const id = idOf(raw);
      if (id !== undefined) send({ kind: 'reply', id, ok: false, error: { code: 'not-allowed', message: 'the panel may not ask for this', hint: '' } });
      return;
    }
    if (message.data.kind === 'ready') return options.onReady();
    const { id, method, params } = message.data;
    try {
      send({ kind: 'reply', id, ok: true, result: await options.answer(method, params) });
    } catch (error) {
      send({ kind: 'reply', id, ok: false, error: asWire(error) });
    }
  });
  panel.iconPath = vscode.Uri.joinPath(host.context.extensionUri, 'media', 'runyard.svg');
  webview.html = panelPage(webview, host.context.extensionUri, options.name, options.title);
  return listening;
}

/** Who asked what isn't in the contract still gets an answer. */
function idOf(raw: unknown): number | undefined {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'number' && Number.isInteger(id) ? id : undefined;
}

const asWire = (error: unknown): z.infer<typeof wireError> =>
  (error instanceof RunyardError ? { code: error.code, message: error.message, hint: error.hint } : { code: 'internal', message: describeError(error), hint: '' });

export interface TellOptions<E> {
  panel: vscode.WebviewPanel;
  changes: vscode.Event<E>;
  /** two events as one */
  join(a: E, b: E): E;
  tell(event: E): void;
}

/** Tells a panel that is seen of each event; one that is hidden hears of all of them as one when it is seen again. */
export function tellWhenSeen<E>({ panel, changes, join, tell }: TellOptions<E>): vscode.Disposable {
  let held: { event: E } | undefined;
  return vscode.Disposable.from(
    changes((event) => {
      if (panel.visible) tell(event);
      else held = { event: held === undefined ? event : join(held.event, event) };
    }),
    panel.onDidChangeViewState(() => {
      if (!panel.visible || held === undefined) return;
      const { event } = held;
      held = undefined;
      tell(event);
    }),
  );
}

/** Both lists' members, each once. */
export const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];
