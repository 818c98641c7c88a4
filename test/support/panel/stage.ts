/** Tests of one panel: a browser for the file, a page over a made-up host for each test, in which nothing may be refused or thrown. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { keepPicture } from '../pictures';
import { openPanelBrowser, type OpenedPage, type PageOptions, type Panel, type PanelBrowser } from './browser-page';
import { FakeRefusal, type FakeHost } from './fake-host';

export interface Stage {
  /** Opens the panel over that host; closes the one before. `init`: what the host tells it beside its own first words. */
  open(fake: FakeHost, options?: PageOptions & { init?: object }): Promise<Page>;
  /** Params of each such question, oldest first. */
  asked(method: string): Record<string, unknown>[];
  say: OpenedPage['say'];
  /** What the panel kept so far. */
  state(): Record<string, unknown>;
  reload(): Promise<void>;
  press(label: string): Promise<void>;
  tab(name: string): Promise<void>;
  /** Keeps a picture for people to look at, where they asked for it: see `keepPicture`. */
  shoot(name: string, options?: { fullPage: boolean }): Promise<void>;
}

/** To be called once, at the top of a file. */
export function panelStage(panel: Panel): Stage {
  let browser: PanelBrowser | undefined;
  let opened: OpenedPage | undefined;
  let host: FakeHost | undefined;
  const now = (): OpenedPage => {
    if (!opened) throw new Error('no panel is open');
    return opened;
  };
  const close = async (): Promise<void> => {
    const last = opened;
    opened = undefined;
    await last?.close();
    // Refused by the policy, or thrown in the page: neither may happen in any test.
    expect(last?.problems ?? []).toEqual([]);
  };
  beforeAll(async () => {
    browser = await openPanelBrowser(panel);
  });
  afterAll(() => browser?.close());
  afterEach(close);
  return {
    async open(fake, { init, ...options } = {}) {
      await close();
      host = fake;
      opened = await browser?.open(async ({ kind, id, method, params }) => {
        if (kind === 'ready') return { kind: 'init', ...fake.init, ...init };
        try {
          return { kind: 'reply', id, ok: true, result: await fake.answer(method, params as Record<string, unknown>) };
        } catch (error) {
          const { code, message, hint } = error instanceof FakeRefusal ? error : new FakeRefusal('internal', String(error), '');
          return { kind: 'reply', id, ok: false, error: { code, message, hint } };
        }
      }, options);
      return now().page;
    },
    asked: (method) => (host?.asked ?? []).filter((one) => one.method === method).map(({ params }) => params),
    say: (message) => now().say(message),
    state: () => now().state() ?? {},
    reload: () => now().reload(),
    press: (label) => now().page.locator('vscode-button', { hasText: label }).locator('visible=true').first().click(),
    tab: (name) => now().page.getByRole('tab', { name: new RegExp(`^${name}`) }).click(),
    shoot: (name, options) => keepPicture(now().page, `${panel.name}-${name}`, options),
  };
}
