/** A panel in a browser without an editor: its real bundle, its real content security policy, a made-up host. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.mjs';
import type { ChangedEvent } from '../../../src/protocol/engine';
import type { CompareSource } from '../../../src/protocol/compare';
import { Refused, type FakeEngine } from './fake-engine';
import { themeVariables, type PanelTheme } from './themes';

export interface PanelPage {
  page: Page;
  /** content security violations and errors of the page's scripts */
  problems: string[];
  changed(event: Partial<ChangedEvent>): Promise<void>;
  /** What the panel kept by setState, as after the last debounce. */
  state(): Promise<Record<string, unknown>>;
  /** Loads the page again with what was kept, as a window reload does. */
  reload(): Promise<void>;
}

export interface PanelOptions { engine: FakeEngine; source: CompareSource; theme?: PanelTheme; width?: number; height?: number; zoom?: number; state?: unknown; reducedMotion?: boolean; /** what is waited for, where it isn't the table */ waitFor?: string }

const ORIGIN = 'http://127.0.0.1:9';
let bundled: Promise<{ js: string; css: string }> | undefined;

async function bundlePanel(): Promise<{ js: string; css: string }> {
  const common = { bundle: true, write: false, absWorkingDir: root, logLevel: 'warning' } as const;
  const [js, css] = await Promise.all([
    build({ ...common, entryPoints: ['webview/compare/main.ts'], platform: 'browser', format: 'iife', target: 'es2022', tsconfig: path.join(root, 'webview', 'tsconfig.json') }),
    build({ ...common, entryPoints: ['webview/compare/main.css'] }),
  ]);
  return { js: js.outputFiles[0]?.text ?? '', css: css.outputFiles[0]?.text ?? '' };
}

const html = (theme: PanelTheme): string => {
  const policy = `default-src 'none'; script-src 'nonce-n0'; style-src ${ORIGIN} 'nonce-n0'; font-src ${ORIGIN}; img-src ${ORIGIN} data:`;
  const variables = Object.entries(themeVariables(theme)).map(([name, value]) => `${name}: ${value};`).join(' ');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta property="csp-nonce" content="n0"><style nonce="n0">html { ${variables} }</style><link rel="stylesheet" href="${ORIGIN}/compare.css"><title>Compare runs</title></head>
    <body class="vscode-${theme === 'contrast' ? 'high-contrast' : theme}"><main id="app" aria-busy="true"></main><script nonce="n0" src="${ORIGIN}/compare.js"></script></body></html>`;
};

export async function openPanel(browser: Browser, options: PanelOptions): Promise<PanelPage> {
  bundled ??= bundlePanel();
  const { js, css } = await bundled;
  const theme = options.theme ?? 'dark';
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 860 }, deviceScaleFactor: options.zoom ?? 1, colorScheme: theme === 'light' ? 'light' : 'dark',
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error' || /Content Security Policy/.test(message.text())) problems.push(message.text()); });
  let kept: unknown = options.state;
  await page.exposeFunction('keepState', (state: unknown) => { kept = state; });
  await page.exposeFunction('keptState', () => kept);
  await page.exposeFunction('hostAnswers', (message: { kind: string; id: number; method: string; params: unknown }) => {
    if (message.kind === 'ready') return { kind: 'init', source: options.source };
    try {
      return { kind: 'reply', id: message.id, ok: true, result: options.engine.answer(message.method, message.params) };
    } catch (error) {
      const { code, message: text, hint } = error instanceof Refused ? error : new Refused('internal', String(error), '');
      return { kind: 'reply', id: message.id, ok: false, error: { code, message: text, hint } };
    }
  });
  await page.route(`${ORIGIN}/**`, (route) => {
    const file = new URL(route.request().url()).pathname;
    if (file === '/compare.js') return route.fulfill({ body: `${bootstrap}\n${js}`, contentType: 'text/javascript' });
    if (file === '/compare.css') return route.fulfill({ body: css, contentType: 'text/css' });
    return route.fulfill({ body: html(theme).replace('<script nonce="n0" src', `<script nonce="n0">window.kept = ${JSON.stringify(kept ?? null)};</script><script nonce="n0" src`), contentType: 'text/html' });
  });
  const load = async (): Promise<void> => {
    await page.goto(`${ORIGIN}/`);
    await page.locator(options.waitFor ?? '#app:not([aria-busy])').first().waitFor({ timeout: 10_000 }).catch((error: unknown) => { throw new Error(`the panel didn't start: ${problems.join('; ')}`, { cause: error }); });
  };
  await load();
  return {
    page, problems, reload: load,
    state: async () => kept as Record<string, unknown>,
    changed: (event) => page.evaluate(`window.postMessage(${JSON.stringify({ kind: 'changed', event: { runs: [], experiments: [], config: false, structure: false, metrics: [], ...event } })})`),
  };
}

/** What VS Code gives a webview. */
const bootstrap = `window.acquireVsCodeApi = () => ({
  postMessage(message) { window.hostAnswers(message).then((answer) => window.postMessage(answer)); },
  getState: () => window.kept ?? undefined,
  setState(state) { window.keepState(state); },
});`;

/** axe-core's own source, to be evaluated in the page. */
export const axeSource = (): string => readFileSync(path.join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
