/** The compare panel in a browser without an editor, over a made-up engine. */
import type { Browser } from 'playwright-core';
import type { ChangedEvent } from '../../../src/protocol/engine';
import type { CompareSource } from '../../../src/protocol/compare';
import { openPage, type OpenedPage, type PageOptions } from './browser-page';
import { Refused, type FakeEngine } from './fake-engine';

export { axeSource } from './browser-page';

export interface PanelPage extends OpenedPage { changed(event: Partial<ChangedEvent>): Promise<void> }
export interface PanelOptions extends Omit<PageOptions, 'panel' | 'title' | 'answer'> { engine: FakeEngine; source: CompareSource }

export async function openPanel(browser: Browser, options: PanelOptions): Promise<PanelPage> {
  const opened = await openPage(browser, {
    ...options, panel: 'compare', title: 'Compare runs',
    answer(message) {
      if (message.kind === 'ready') return { kind: 'init', source: options.source };
      try {
        return { kind: 'reply', id: message.id, ok: true, result: options.engine.answer(message.method, message.params) };
      } catch (error) {
        const { code, message: text, hint } = error instanceof Refused ? error : new Refused('internal', String(error), '');
        return { kind: 'reply', id: message.id, ok: false, error: { code, message: text, hint } };
      }
    },
  });
  return { ...opened, changed: (event) => opened.say({ kind: 'changed', event: { runs: [], experiments: [], config: false, structure: false, metrics: [], ...event } }) };
}
