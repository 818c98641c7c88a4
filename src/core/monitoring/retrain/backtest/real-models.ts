/** Models that the experiment's own runs made, asked for the rows of a back-test. */
import path from 'node:path';
import { openData } from '../../../evaluation/data/open';
import type { OpenOptions } from '../../../evaluation/data/types';
import { openModel } from '../../../evaluation/models/open';
import { sayOf } from '../../../evaluation/run/outputs';
import { passOver } from '../../../evaluation/run/scoring';
import type { ModelSpec } from '../../../../protocol/evaluation/request';
import { writeLabelled } from '../labelled';
import { cutScored, type History, type Range } from './history';
import type { Models } from './replay';

export interface Need { key: string; /** ms */ from: number; to: number; file: string; rows: number }
export interface RealModels { /** by key: the model's file, absolute or in the workspace, and what its run took */ made: Readonly<Record<string, { file: string; minutes: number }>>; /** where rows are put for runs, absolute */ folder: string; mapping?: ModelSpec['mapping']; threshold?: number | undefined }
export interface Asking { history: History; label: string; place: OpenOptions & { python: string | null }; signal: AbortSignal }

/** Models that aren't made yet are named in `needs`, with their rows written to a file. */
export function realModels({ history, label, place, signal }: Asking, { made, folder, mapping, threshold }: RealModels): Models & { needs: Need[] } {
  const needs = new Map<string, Need>();
  let rows: Promise<string> | null = null;
  const whole = (): Promise<string> => (rows ??= (async () => {
    const file = path.join(place.temp, 'replayed.parquet');
    await writeLabelled(file, history, { from: 0, to: history.times.length, label });
    return file;
  })());

  async function scored(file: string): ReturnType<typeof score> {
    return score(await whole(), file);
  }
  async function score(data: string, file: string) {
    await using opened = await openData({ files: [data], types: {} }, place);
    await using predictor = await openModel({ file, ...(mapping && { mapping }) }, { ...place, data: opened, id: undefined, label, exclude: [], task: history.truth.task, classes: history.truth.classes, signal });
    const { outputs: [raw] } = await passOver({ data: opened, label, split: null, models: [predictor], signal, progress: () => undefined });
    if (!raw) throw new Error('a model was asked and gave nothing');
    return sayOf(raw, history.truth, { classes: predictor.classes, threshold: threshold ?? null, who: `the model of ${path.basename(file)}` }).model;
  }

  return {
    get needs() { return [...needs.values()]; },
    async at({ from, to }, range: Range) {
      const key = `${from}-${to}`;
      const found = made[key];
      if (!found) {
        const file = path.join(folder, `${key}.parquet`);
        if (!needs.has(key)) await writeLabelled(file, history, { ...range, label });
        needs.set(key, { key, from, to, file, rows: range.to - range.from });
        return null;
      }
      const all = await scored(found.file);
      return { minutes: found.minutes, scorer: { score: (of) => Promise.resolve(cutScored(all, of, history.truth.classes.length)) } };
    },
  };
}
