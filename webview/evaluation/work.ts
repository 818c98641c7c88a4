/** Long questions: a button that starts one, its progress with the rows done, and a button that stops it. */
import type { EvaluationProgress } from '../../src/protocol/evaluation/result';
import { announce, el } from '../shared/dom';
import { HostError } from '../shared/line';
import { button } from '../shared/toolkit';
import { formatCount } from './model/digits';
import type { Panel } from './panel';

let jobs = 0;
/** A name that no other question of this page, nor of another panel, has. */
export const newJob = (): string => `panel-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${(jobs += 1)}`;

/** 'scoring: 12,000 of 50,000 rows'; without a total only what is done. */
export function progressText({ phase, done, total }: Pick<EvaluationProgress, 'phase' | 'done' | 'total'>): string {
  if (total > 0) return `${phase}: ${formatCount(done)} of ${formatCount(total)}`;
  return done > 0 ? `${phase}: ${formatCount(done)}` : phase;
}

export interface Work {
  node: HTMLElement;
  running(): boolean;
  /** Starts it; null when it was stopped. Rejects where it failed. */
  run<T>(ask: (job: string) => Promise<T>): Promise<T | null>;
}

/** The line that shows progress; hidden while nothing runs. `job`: null where the host chose it, and the first progress tells it. */
export function createWork(panel: Panel, options: { label: string; hostsJob?: boolean }): Work {
  let job: string | null = null;
  let running = false;
  let stopped = false;
  const text = el('span', { class: 'figure text' });
  const bar = el('progress', { attrs: { max: 1, 'aria-label': options.label } });
  const stop = button({ label: 'Cancel', onClick() {
    stopped = true;
    if (job !== null) panel.host.ask('evaluations.cancel', { job }).then(undefined, (error: unknown) => { text.textContent = `it can\u2019t be stopped: ${error instanceof Error ? error.message : String(error)}`; });
  } });
  const node = el('div', { class: 'work', attrs: { hidden: true } }, bar, text, stop);
  panel.host.onProgress((progress) => {
    if (!running || (job === null ? !options.hostsJob : progress.job !== job)) return;
    job = progress.job;
    text.textContent = progressText(progress);
    if (progress.total > 0) bar.value = Math.min(1, progress.done / progress.total);
    else bar.removeAttribute('value');
  });
  return {
    node,
    running: () => running,
    async run(ask) {
      running = true;
      stopped = false;
      job = options.hostsJob ? null : newJob();
      text.textContent = 'starting';
      bar.removeAttribute('value');
      node.hidden = false;
      announce(`${options.label}: started`);
      try {
        const found = await ask(job ?? '');
        announce(`${options.label}: done`);
        return found;
      } catch (error) {
        if (stopped || (error instanceof HostError && /cancel/.test(error.code))) {
          announce(`${options.label}: stopped`);
          return null;
        }
        throw error;
      } finally {
        running = false;
        node.hidden = true;
      }
    },
  };
}
