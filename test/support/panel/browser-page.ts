/** A panel's page in a browser without an editor: its real bundle, its real content security policy, a host that a test plays. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.mjs';
import { openBrowser } from '../../../scripts/workbench/browser.mjs';
import { themeVariables, type PanelTheme } from './themes';

export interface OpenedPage {
  page: Page;
  /** content security violations and errors of the page's scripts */
  problems: string[];
  /** What the host says unasked. */
  say(message: unknown): Promise<void>;
  /** What the panel kept by setState, as after the last debounce. */
  state(): Record<string, unknown> | undefined;
  /** Loads the page again with what was kept, as a window reload does. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** `name`: the panel's folder in webview/ */
export interface Panel { name: string; title: string }
export interface PageOptions { theme?: PanelTheme; width?: number; height?: number; zoom?: number; state?: unknown; reducedMotion?: boolean; /** what is waited for: a panel that is up unless told */ waitFor?: string }
/** The host's answer to one message of the page. */
export type Answer = (message: { kind: string; id: number; method: string; params: unknown }) => unknown;
/** A browser that has one panel's pages, each with its own host. */
export interface PanelBrowser { open(answer: Answer, options?: PageOptions): Promise<OpenedPage>; close(): Promise<void> }

/** As it is shipped: minified. */
async function bundle({ name }: Panel): Promise<{ js: string; css: string }> {
  const common = { bundle: true, minify: true, write: false, absWorkingDir: root, logLevel: 'warning' } as const;
  const [js, css] = await Promise.all([
    build({ ...common, entryPoints: [`webview/${name}/main.ts`], platform: 'browser', format: 'iife', target: 'es2022', tsconfig: path.join(root, 'webview', 'tsconfig.json') }),
    build({ ...common, entryPoints: [`webview/${name}/main.css`] }),
  ]);
  return { js: js.outputFiles[0]?.text ?? '', css: css.outputFiles[0]?.text ?? '' };
}

function html({ name, title }: Panel, { theme, kept, origin }: { theme: PanelTheme; kept: unknown; origin: string }): string {
  const policy = `default-src 'none'; script-src 'nonce-n0'; style-src ${origin} 'nonce-n0'; font-src ${origin}; img-src ${origin} data:; connect-src ${origin}/host/`;
  const variables = Object.entries(themeVariables(theme)).map(([variable, value]) => `${variable}: ${value};`).join(' ');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta property="csp-nonce" content="n0"><style nonce="n0">html { ${variables} }</style><link rel="stylesheet" href="${origin}/${name}.css"><title>${title}</title></head>
    <body class="vscode-${theme === 'contrast' ? 'high-contrast' : theme}"><main id="app" aria-busy="true"></main><script nonce="n0">window.kept = ${JSON.stringify(kept ?? null)};</script><script nonce="n0" src="${origin}/${name}.js"></script></body></html>`;
}

/** What VS Code gives a webview. The host answers over HTTP, at the one address that the policy lets through: long answers on the debugger's line hold up the page. */
const bootstrap = `window.acquireVsCodeApi = () => ({
  postMessage(message) {
    fetch('/host' + location.pathname, { method: 'POST', body: JSON.stringify(message) }).then((answer) => answer.json()).then((answer) => window.postMessage(answer), () => undefined);
  },
  getState: () => window.kept ?? undefined,
  setState(state) { window.keepState(state); },
});`;

interface Put { html(origin: string): string; answer: Answer }

/** Serves the panel on this machine's own address: to hand its script to the browser by the debugger's line takes longer than all else. */
async function serve(panel: Panel): Promise<{ /** shows it under an address of its own */ put(page: Put): string; close(): void }> {
  const { js, css } = await bundle(panel);
  const pages: Put[] = [];
  const files: Record<string, [type: string, body: string]> = { [`/${panel.name}.js`]: ['text/javascript', `${bootstrap}\n${js}`], [`/${panel.name}.css`]: ['text/css', css] };
  let origin = '';
  const reply = async (request: IncomingMessage): Promise<[type: string, body: string]> => {
    const [, host, number] = /^(\/host)?\/(\d+)$/.exec(request.url ?? '') ?? [];
    const page = pages[Number(number ?? NaN)];
    if (!page) return files[request.url ?? ''] ?? ['text/plain', ''];
    return host === undefined ? ['text/html', page.html(origin)] : ['application/json', JSON.stringify(await page.answer(await json(request) as Parameters<Answer>[0]) ?? null)];
  };
  const server = createServer((request, response) => {
    reply(request).then(([type, body]) => response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body), (error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { put: (page) => `${origin}/${pages.push(page) - 1}`, close: () => void server.close().closeAllConnections() };
}

/** To be closed by the caller. */
export async function openPanelBrowser(panel: Panel): Promise<PanelBrowser> {
  const [browser, server] = await Promise.all([openBrowser(), serve(panel)]);
  return {
    async open(answer, { theme = 'dark', width = 1280, height = 860, zoom = 1, state, reducedMotion = false, waitFor = '#app:not([aria-busy])' } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: zoom, colorScheme: theme === 'light' ? 'light' : 'dark', reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => { if (message.type() === 'error' || /Content Security Policy/.test(message.text())) problems.push(message.text()); });
      let kept: unknown = state;
      await page.exposeFunction('keepState', (next: unknown) => { kept = next; });
      const address = server.put({ html: (origin) => html(panel, { theme, kept, origin }), answer });
      const load = async (): Promise<void> => {
        await page.goto(address);
        await page.locator(waitFor).first().waitFor({ timeout: 60_000 }).catch((error: unknown) => { throw new Error(`the panel didn't start: ${problems.join('; ')}`, { cause: error }); });
      };
      await load();
      return { page, problems, reload: load, state: () => kept as Record<string, unknown> | undefined, say: (message) => page.evaluate(`window.postMessage(${JSON.stringify(message)})`), close: () => context.close() };
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
