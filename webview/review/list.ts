/** A list of rows that are judged one after the other: asked for, moved through, said and taken back. */
import type { Judgement, ReviewItem, ReviewQueue } from '../../src/protocol/monitoring';
import { announce } from '../shared/dom';
import { HostError } from '../shared/line';
import { newJob, progressText } from '../shared/work';
import type { Host } from './host';
import { current, empty, judged, keyOf, left, loaded, moved, saved, takenBack, type Going, type Said } from './model/queue';

export interface ListOptions {
  host: Host; model(): string;
  /** what is asked beside the model */
  asked(): { sources?: ReviewQueue['items'][number]['source'][]; find?: string; limit: number };
  /** the row that was shown before a reload; and which is shown now */
  kept(): string | null; keep(row: string | null): void;
  /** a row was judged, or taken back */
  counted(by: 1 | -1): void;
}
export interface List {
  going(): Going; current(): ReviewItem | null; said(): Said | null;
  /** null: not there yet */
  facts(): ReviewQueue | null;
  /** what is being done, while it is; '' else */
  busy(): string;
  /** why the rows aren't there, and why a word didn't come to the disk */
  fault(): unknown; wordFault(): { error: unknown; request: string } | null;
  load(): void; stop(): void;
  move(by: number): void; select(key: string): void;
  judge(judgement: Judgement, more?: { answer?: string | number | undefined; comment?: string }): void;
  undo(): void;
  onChange(listener: () => void): void;
}

/** Of a queue: when all of it is judged, what comes next is asked for by itself. */
export function createList({ host, model, asked, kept, keep, counted }: ListOptions): List {
  let going: Going = empty;
  let facts: ReviewQueue | null = null;
  let [fault, busy, job]: [unknown, string, string] = [null, '', ''];
  let wordFault: { error: unknown; request: string } | null = null;
  let pending = 0;
  const listeners: (() => void)[] = [];
  const tell = (): void => { for (const listener of listeners) listener(); };
  const set = (next: Going): void => {
    going = next;
    const item = current(going);
    keep(item && keyOf(item));
    tell();
  };
  const load = (): void => {
    const mine = (job = newJob());
    [busy, fault] = ['reading the log', null];
    tell();
    const { sources, find, limit } = asked();
    host.ask('review.queue', { job: mine, model: model(), limit, ...(sources && { sources: sources.filter((one) => one !== null) }), ...(find !== undefined && { find }) }).then((found) => {
      if (mine !== job) return;
      facts = found;
      busy = '';
      set(loaded(going, found.items, kept()));
    }, (error: unknown) => {
      if (mine !== job) return;
      [busy, fault] = ['', error instanceof HostError && error.code === 'cancelled' ? null : error];
      tell();
    });
  };
  host.on('progress', ({ progress }) => {
    if (progress.job !== job || busy === '') return;
    busy = progressText(progress);
    tell();
  });
  /** What was said of the last row came to the disk, and there is no other here. */
  const further = (): void => { if (pending === 0 && asked().find === undefined && going.items.length > 0 && left(going) === 0) load(); };
  return {
    load, going: () => going, facts: () => facts, busy: () => busy, fault: () => fault, wordFault: () => wordFault,
    current: () => current(going),
    said() {
      const item = current(going);
      return item ? (going.said.get(keyOf(item)) ?? null) : null;
    },
    stop: () => void host.ask('monitors.cancel', { job }).catch(() => undefined),
    move: (by) => set(moved(going, by)),
    select(key) {
      const at = going.items.findIndex((item) => keyOf(item) === key);
      if (at >= 0) set({ ...going, at });
    },
    judge(judgement, { answer, comment = '' } = {}) {
      const item = current(going);
      if (!item) return;
      const key = keyOf(item);
      const before = going.said.get(key);
      wordFault = null;
      set(judged(going, { judgement, answer: answer ?? null, comment, saving: true }));
      announce(`${item.request}: ${judgement}${answer === undefined ? '' : `, ${answer}`}`);
      pending++;
      if (!before) counted(1);
      host.ask('feedback.judge', { model: model(), request: item.request, row: item.row, judgement, comment, time: item.time, ...(answer !== undefined && { answer }), ...(item.source !== null && { source: item.source, seed: facts?.seed ?? 0 }) }).then(() => {
        pending--;
        going = saved(going, key);
        tell();
        further();
      }, (error: unknown) => {
        pending--;
        wordFault = { error, request: item.request };
        if (!before) counted(-1);
        set(takenBack(going, key));
      });
    },
    undo() {
      const key = going.order.at(-1);
      if (key === undefined) return announce('nothing to take back');
      const [row = '0', ...request] = key.split(' ');
      host.ask('feedback.undo', { model: model(), request: request.join(' '), row: Number(row) }).then(() => {
        counted(-1);
        announce('taken back');
        set(takenBack(going, key));
      }, (error: unknown) => {
        wordFault = { error, request: request.join(' ') };
        tell();
      });
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
