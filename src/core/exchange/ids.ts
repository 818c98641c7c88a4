/** Ids on both sides. A server chooses its own: what one thing says of another is rewritten, and what is one's own text is left alone. */
import type { Tags } from './model';

/** Tags in which an export keeps what a server can't: put on by an export, taken off by an import. */
export const KEPT = {
  run: 'runyard.run_id', model: 'runyard.model_id', created: 'runyard.created', version: 'runyard.version', user: 'runyard.user', dataset: 'runyard.dataset_id',
  experiment: 'runyard.experiment_id', placeholder: 'runyard.placeholder',
} as const;
export const isKept = (key: string): boolean => Object.values(KEPT).some((one) => one === key);
export const withoutKept = (tags: Tags): Tags => Object.fromEntries(Object.entries(tags).filter(([key]) => !isKept(key)));

export interface Ids {
  /** from → to, of runs (32 hex digits) and logged models (m-...) */
  things: Map<string, string>;
  experiments: Map<string, string>;
  /** where a run's or model's files lie on the other side, by its id there */
  roots: Map<string, string>;
}
export const createIds = (): Ids => ({ things: new Map(), experiments: new Map(), roots: new Map() });

const ID = /(?<![0-9a-z-])(?:m-)?[0-9a-f]{32}(?![0-9a-z])/g;

/** A text with the ids of the other side in it. */
export const rewrite = (ids: Ids, text: string): string => text.replace(ID, (id) => ids.things.get(id) ?? id);
/** Whether a text names something whose id isn't known yet. */
export const isAhead = (ids: Ids, text: string): boolean => [...text.matchAll(ID)].some(([id]) => !ids.things.has(id));

/** MLflow's own tags name other things; a person's tags are theirs. */
export function rewriteTag(ids: Ids, key: string, value: string): string {
  if (key === '_mlflow_experiment_ids') return value.replace(/\d+/g, (id) => ids.experiments.get(id) ?? id);
  return key.startsWith('mlflow.') ? rewrite(ids, value) : value;
}
export const rewriteTags = (ids: Ids, tags: Tags): Tags => Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, rewriteTag(ids, key, value)]));
export const referring = (tags: Tags): Tags => Object.fromEntries(Object.entries(tags).filter(([key, value]) => key.startsWith('mlflow.') && value.search(ID) >= 0));

/** Where a model version comes from: `runs:/..`, `models:/..`, or a place among a run's or a model's files, which lie elsewhere on the other side. */
export function rewriteSource(ids: Ids, source: string): string {
  if (/^(runs|models):/.test(source)) return rewrite(ids, source);
  const within = /^.*?((?:m-)?[0-9a-f]{32})\/artifacts(\/.*)?$/.exec(source);
  const id = within?.[1] === undefined ? undefined : ids.things.get(within[1]);
  const root = id === undefined ? undefined : ids.roots.get(id);
  return root === undefined ? source : `${root.replace(/\/+$/, '')}${within?.[2] ?? ''}`;
}
