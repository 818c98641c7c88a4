/** Long questions of the drift panel: progress, and a button that stops them. */
import { newJob, progressText } from '../evaluation/work';
import { announce, el } from '../shared/dom';
import { HostError } from '../shared/line';
import { button } from '../shared/toolkit';
import type { Host } from './host';

export interface Work {
  node: HTMLElement;
  running(): boolean;
  /** Starts it; null when it was stopped. Rejects where it failed. */
  run<T>(ask: (job: string) => Promise<T>): Promise<T | null>;
}

export function createWork(host: Host, { label, cancel }: { label: string; cancel: 'drift.cancel' | 'monitors.cancel' }): Work {
  let [job, running, stopped] = ['', false, false];
  const text = el('span', { class: 'figure text' });
  const bar = el('progress', { attrs: { max: 1, 'aria-label': label } });
  const stop = button({ label: 'Cancel', title: 'Stop it; nothing is kept', onClick() {
    stopped = true;
    text.textContent = 'stopping';
    host.ask(cancel, { job }).then(undefined, (error: unknown) => { text.textContent = `it can\u2019t be stopped: ${error instanceof Error ? error.message : String(error)}`; });
  } });
  const node = el('div', { class: 'work', attrs: { hidden: true } }, bar, text, stop);
  host.onProgress((progress) => {
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
      announce(`${label}: started`);
      try {
        const found = await ask(job);
        announce(`${label}: done`);
        return found;
      } catch (error) {
        if (!stopped && !(error instanceof HostError && /cancel/.test(error.code))) throw error;
        announce(`${label}: stopped`);
        return null;
      } finally {
        running = false;
        node.hidden = true;
      }
    },
  };
}
