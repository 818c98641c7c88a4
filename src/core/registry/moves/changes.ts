/** How two versions differ by slice, as evaluations that are kept know it; nothing is computed for it. */
import { RunyardError } from '../../base/errors';
import { figureAt, type EvaluationDoc, type Figures } from '../../../protocol/evaluation/result';
import type { SliceChange, VersionFacts } from '../../../protocol/registry';
import type { LedgerEntry } from '../ledger/entry';
import type { Evaluating } from '../types';

export interface Changes { metric: string | null; fromValue: number | null; toValue: number | null; changes: SliceChange[] }
export interface Known { version: number; facts: VersionFacts }
const NONE: Changes = { metric: null, fromValue: null, toValue: null, changes: [] };
const MOST_READ = 6;

/** Newest first: one evaluation of both, whichever was the baseline; else one of each on the same data with the same slices. */
export async function changesBetween(evaluating: Pick<Evaluating, 'list' | 'get'>, entries: readonly LedgerEntry[], { model, from, to }: { model: string; from: Known | null; to: Known }): Promise<Changes> {
  const [there, come] = [from ? await docsOf(evaluating, entries, { model, ...from }) : [], await docsOf(evaluating, entries, { model, ...to })];
  const both = from && (come.find(({ baseline }) => baseline && there.some((one) => one.model.digest === baseline.digest)) ?? null);
  if (both) return sides(both, 'baseline', 'model');
  const reversed = from && (there.find(({ baseline }) => baseline && come.some((one) => one.model.digest === baseline.digest)) ?? null);
  if (reversed) return sides(reversed, 'model', 'baseline');
  for (const one of come) {
    const other = there.find((old) => old.data.digest === one.data.digest && old.main.metric === one.main.metric && old.slicesVersion === one.slicesVersion);
    if (other) return paired(other, one);
  }
  const [newest] = come;
  return newest ? { metric: newest.main.metric, fromValue: null, toValue: valueOf(newest.overall.figures, newest.main.metric), changes: [] } : NONE;
}

async function docsOf(evaluating: Pick<Evaluating, 'list' | 'get'>, entries: readonly LedgerEntry[], { model, version, facts }: Known & { model: string }): Promise<EvaluationDoc[]> {
  const digests = new Set(facts.files.map(({ digest }) => digest));
  const said = entries.filter((entry) => entry.kind === 'evaluated' && entry.model === model && entry.version === version).flatMap(({ facts: { evaluation } }) => (typeof evaluation === 'string' ? [evaluation] : [])).reverse();
  const made = evaluating.list().filter(({ modelDigest }) => digests.has(modelDigest)).map(({ id }) => id);
  const found: EvaluationDoc[] = [];
  for (const id of [...new Set([...said, ...made])].slice(0, MOST_READ)) {
    const doc = await evaluating.get(id).catch((error: unknown) => {
      if (error instanceof RunyardError && (error.code === 'not_found' || error.code === 'store_corrupt')) return null;
      throw error;
    });
    if (doc) found.push(doc);
  }
  return found.sort((a, b) => b.created - a.created);
}

const valueOf = (figures: Figures | undefined, metric: string): number | null => (figures ? figureAt(figures, metric) : null);

function sides(doc: EvaluationDoc, from: 'model' | 'baseline', to: 'model' | 'baseline'): Changes {
  const { metric } = doc.main;
  const whole = (side: 'model' | 'baseline'): number | null => valueOf((side === 'model' ? doc.overall : doc.baselineOverall)?.figures, metric);
  const slice = (name: string, side: 'model' | 'baseline'): number | null => valueOf(side === 'model' ? doc.slices.find((one) => one.name === name)?.figures : doc.baselineSlices[name], metric);
  return { metric, fromValue: whole(from), toValue: whole(to), changes: doc.slices.map(({ name, figures }) => ({ slice: name, metric, from: slice(name, from), to: slice(name, to), n: valueOf(figures, 'n') ?? 0 })) };
}

function paired(from: EvaluationDoc, to: EvaluationDoc): Changes {
  const { metric } = to.main;
  return {
    metric, fromValue: valueOf(from.overall.figures, metric), toValue: valueOf(to.overall.figures, metric),
    changes: to.slices.map(({ name, figures }) => ({ slice: name, metric, from: valueOf(from.slices.find((one) => one.name === name)?.figures, metric), to: valueOf(figures, metric), n: valueOf(figures, 'n') ?? 0 })),
  };
}
