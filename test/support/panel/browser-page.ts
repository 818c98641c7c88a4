/** A panel's page in a browser without an editor: its real bundle, its real content security policy, a host that a test plays. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.mjs';
import { themeVariables, type PanelTheme } from './themes';

export interface OpenedPage {
  page: Page;
  /** content security violations and errors of the page's scripts */
  problems: string[];
  /** What the host says unasked. */
  say(message: unknown): Promise<void>;
  /** What the panel kept by setState, as after the last debounce. */
  state(): Promise<Record<string, unknown>>;
  /** Loads the page again with what was kept, as a window reload does. */
  reload(): Promise<void>;
}

export interface PageOptions {
  /** the panel's folder in webview/ */
  panel: string;
  title: string;
  /** the host's answer to one message of the page */
  answer(message: { kind: string; id: number; method: string; params: unknown }): unknown;
  theme?: PanelTheme; width?: number; height?: number; zoom?: number; state?: unknown; reducedMotion?: boolean;
  /** what is waited for: a panel that is up unless told */
  waitFor?: string;
}

const ORIGIN = 'http://127.0.0.1:9';
const bundles = new Map<string, Promise<{ js: string; css: string }>>();

async function bundlePanel(panel: string): Promise<{ js: string; css: string }> {
  const common = { bundle: true, write: false, absWorkingDir: root, logLevel: 'warning' } as const;
  const [js, css] = await Promise.all([
    build({ ...common, entryPoints: [`webview/${panel}/main.ts`], platform: 'browser', format: 'iife', target: 'es2022', tsconfig: path.join(root, 'webview', 'tsconfig.json') }),
    build({ ...common, entryPoints: [`webview/${panel}/main.css`] }),
  ]);
  return { js: js.outputFiles[0]?.text ?? '', css: css.outputFiles[0]?.text ?? '' };
}

const html = ({ panel, title, theme = 'dark' }: PageOptions, kept: unknown): string => {
  const policy = `default-src 'none'; script-src 'nonce-n0'; style-src ${ORIGIN} 'nonce-n0'; font-src ${ORIGIN}; img-src ${ORIGIN} data:`;
  const variables = Object.entries(themeVariables(theme)).map(([name, value]) => `${name}: ${value};`).join(' ');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta property="csp-nonce" content="n0"><style nonce="n0">html { ${variables} }</style><link rel="stylesheet" href="${ORIGIN}/${panel}.css"><title>${title}</title></head>
    <body class="vscode-${theme === 'contrast' ? 'high-contrast' : theme}"><main id="app" aria-busy="true"></main><script nonce="n0">window.kept = ${JSON.stringify(kept ?? null)};</script><script nonce="n0" src="${ORIGIN}/${panel}.js"></script></body></html>`;
};

export async function openPage(browser: Browser, options: PageOptions): Promise<OpenedPage> {
  const { panel, theme = 'dark' } = options;
  const bundled = bundles.get(panel) ?? bundlePanel(panel);
  bundles.set(panel, bundled);
  const { js, css } = await bundled;
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
  await page.exposeFunction('hostAnswers', options.answer);
  await page.route(`${ORIGIN}/**`, (route) => {
    const file = new URL(route.request().url()).pathname;
    if (file === `/${panel}.js`) return route.fulfill({ body: `${bootstrap}\n${js}`, contentType: 'text/javascript' });
    if (file === `/${panel}.css`) return route.fulfill({ body: css, contentType: 'text/css' });
    return route.fulfill({ body: html(options, kept), contentType: 'text/html' });
  });
  const load = async (): Promise<void> => {
    await page.goto(`${ORIGIN}/`);
    await page.locator(options.waitFor ?? '#app:not([aria-busy])').first().waitFor({ timeout: 20_000 }).catch((error: unknown) => { throw new Error(`the panel didn't start: ${problems.join('; ')}`, { cause: error }); });
  };
  await load();
  return { page, problems, reload: load, state: async () => kept as Record<string, unknown>, say: (message) => page.evaluate(`window.postMessage(${JSON.stringify(message)})`) };
}

/** What VS Code gives a webview. */
const bootstrap = `window.acquireVsCodeApi = () => ({
  postMessage(message) { window.hostAnswers(message).then((answer) => window.postMessage(answer)); },
  getState: () => window.kept ?? undefined,
  setState(state) { window.keepState(state); },
});`;

/** axe-core's own source, to be evaluated in the page. */
export const axeSource = (): string => readFileSync(path.join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
