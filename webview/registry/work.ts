/** Long questions of the registry: progress, and a button that stops them. */
import { announce, el } from '../shared/dom';
import { HostError } from '../shared/line';
import { button } from '../shared/toolkit';
import { newJob, progressText, type Work } from '../evaluation/work';
import type { Panel } from './panel';

export type { Work } from '../evaluation/work';

/** The line that shows progress; hidden while nothing runs. `cancel`: what stops the question. */
export function createWork(panel: Panel, options: { label: string; cancel?: 'registry.cancel' | 'evaluations.cancel' }): Work {
  let job = '';
  let running = false;
  let stopped = false;
  const text = el('span', { class: 'figure text' });
  const bar = el('progress', { attrs: { max: 1, 'aria-label': options.label } });
  const stop = button({ label: 'Cancel', title: 'Stop it; nothing changes', onClick() {
    stopped = true;
    text.textContent = 'stopping';
    panel.host.ask(options.cancel ?? 'registry.cancel', { job }).then(undefined, (error: unknown) => { text.textContent = `it can\u2019t be stopped: ${error instanceof Error ? error.message : String(error)}`; });
  } });
  const node = el('div', { class: 'work', attrs: { hidden: true } }, bar, text, stop);
  panel.host.onProgress((progress) => {
    if (!running || progress.job !== job || stopped) return;
    text.textContent = progressText(progress);
    text.title = text.textContent;
    if (progress.total > 0) bar.value = Math.min(1, progress.done / progress.total);
    else bar.removeAttribute('value');
  });
  return {
    node,
    running: () => running,
    async run(ask) {
      [running, stopped, job] = [true, false, newJob()];
      text.textContent = 'starting';
      bar.removeAttribute('value');
      node.hidden = false;
      announce(`${options.label}: started`);
      try {
        const found = await ask(job);
        announce(`${options.label}: done`);
        return found;
      } catch (error) {
        if (!stopped && !(error instanceof HostError && /cancel/.test(error.code))) throw error;
        announce(`${options.label}: stopped`);
        return null;
      } finally {
        running = false;
        node.hidden = true;
      }
    },
  };
}
