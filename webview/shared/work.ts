/** Long questions: their progress with what is done of how much, and a button that stops them. */
import type { EvaluationProgress } from '../../src/protocol/evaluation/result';
import { announce, el } from './dom';
import { errorText, HostError } from './line';
import { button } from './toolkit';

/** What the names begin with that pages give; a host's own don't. */
const PAGES = 'panel-';
let jobs = 0;
/** A name that no other question of this page, nor of another panel, has. */
export const newJob = (): string => `${PAGES}${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${(jobs += 1)}`;

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
/** 'scoring: 12,000 of 50,000'; without a total only what is done. */
export function progressText({ phase, done, total }: Pick<EvaluationProgress, 'phase' | 'done' | 'total'>): string {
  if (total > 0) return `${phase}: ${whole(done)} of ${whole(total)}`;
  return done > 0 ? `${phase}: ${whole(done)}` : phase;
}

export interface Work {
  node: HTMLElement;
  running(): boolean;
  /** Starts it; null when it was stopped. Rejects where it failed. */
  run<T>(ask: (job: string) => Promise<T>): Promise<T | null>;
}
export interface WorkOptions {
  label: string;
  /** the button's title: what becomes of a question that is stopped */
  title?: string;
  cancel(job: string): Promise<unknown>;
  /** the host chooses the job: its first progress tells it */
  hostsJob?: boolean;
}
interface Told { on(kind: 'progress', listener: (message: { progress: EvaluationProgress }) => void): void }

/** The line that shows progress; hidden while nothing runs. */
export function createWork(host: Told, { label, title = 'Stop it; nothing is kept', cancel, hostsJob = false }: WorkOptions): Work {
  let job: string | null = null;
  let [running, stopped] = [false, false];
  const text = el('span', { class: 'figure text' });
  const bar = el('progress', { attrs: { max: 1, 'aria-label': label } });
  const halt = (): void => {
    if (job !== null) cancel(job).then(undefined, (error: unknown) => { text.textContent = `it can\u2019t be stopped: ${errorText(error).message}`; });
  };
  const stop = button({ label: 'Cancel', title, onClick() {
    stopped = true;
    text.textContent = 'stopping';
    halt();
  } });
  const node = el('div', { class: 'work', attrs: { hidden: true } }, bar, text, stop);
  host.on('progress', ({ progress }) => {
    if (!running) return;
    if (job === null && !progress.job.startsWith(PAGES)) {
      job = progress.job;
      if (stopped) halt();
    }
    if (progress.job !== job || stopped) return;
    text.textContent = progressText(progress);
    text.title = text.textContent;
    if (progress.total > 0) bar.value = Math.min(1, progress.done / progress.total);
    else bar.removeAttribute('value');
  });
  return {
    node,
    running: () => running,
    async run(ask) {
      const mine = newJob();
      [running, stopped, job] = [true, false, hostsJob ? null : mine];
      text.textContent = 'starting';
      bar.removeAttribute('value');
      node.hidden = false;
      announce(`${label}: started`);
      try {
        const found = await ask(mine);
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
