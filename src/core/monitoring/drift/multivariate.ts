/** Drift of all columns together: relations that broke, and rows that can be told apart though no column alone tells. */
import type { Data, Values } from '../../evaluation/data/types';
import type { MultivariateDrift } from '../../../protocol/drift';
import { domainClassifier } from '../measures/domain-classifier';
import { pcaReconstruction } from '../measures/pca-reconstruction';
import type { Counted } from '../measures/categories';
import { forTrees, shareOf, standardised, type Both, type Share } from './encode';
import { groupsFrom, type Kind } from './sources';

export interface Compared { name: string; kind: Kind }
export interface Together { seed: number; signal: AbortSignal; progress(phase: string, done: number, total: number): void }

/** Rows of a side beyond which a sample stands for all: of the components, and of the classifier, which takes longer. */
const MOST_ROWS = { components: 50_000, classifier: 10_000 };
const MOST_COLUMNS = 400;
/** From which relative change of the reconstruction error, and which AUC on, it matters; and how surprising it has to be (three standard deviations). */
const ERROR_LIMIT = 0.05;
export const AUC_LIMIT = 0.65;
const SIGMAS = 3;
const ALPHA = 0.0027;
/** Fewer rows of a side say nothing of many columns. */
const FEWEST = 30;

/** One answer a measure. Columns that are constant, wholly missing or hold more categories than are compared are in none. */
export async function multivariate({ reference, current }: { reference: Data; current: Data }, columns: readonly Compared[], { seed, signal, progress }: Together): Promise<MultivariateDrift[]> {
  progress('all columns together', 0, 3);
  const both = await drawnFrom({ reference, current }, columns.slice(0, MOST_COLUMNS), { most: MOST_ROWS.components, seed, signal });
  progress('all columns together', 1, 3);
  const found = await lookTogether(both, { seed, signal, progress: () => progress('all columns together', 2, 3) });
  progress('all columns together', 3, 3);
  return found;
}

/** Columns of rows drawn by chance; `share` counts all rows of the reference, where these are some of them. */
export type Named = Both & { name: string; share?: (() => Promise<Share>) | undefined };
export async function drawnFrom({ reference, current }: { reference: Data; current: Data }, columns: readonly Compared[], options: { most: number; seed: number; signal: AbortSignal }): Promise<Named[]> {
  const names = columns.map(({ name }) => name);
  const before = (await reference.sample(names, options)).columns;
  const after = (await current.sample(names, options)).columns;
  const share = (column: string) => async (): Promise<Share> => {
    const counted: Counted[] = [];
    for await (const one of groupsFrom({ data: reference, column }, options.signal)) counted.push(one);
    return shareOf(counted);
  };
  return columns.map(({ name, kind }) => ({ name, kind, reference: before[name] as Values, current: after[name] as Values, ...(kind === 'categorical' && reference.rows > options.most && { share: share(name) }) }));
}

/** `progress`: half of it is done. */
export async function lookTogether(both: readonly Named[], { seed, signal, progress }: { seed: number; signal: AbortSignal; progress?: () => void }): Promise<MultivariateDrift[]> {
  const components = await byComponents(both);
  progress?.();
  return [components, await byClassifier(both, { seed, signal })];
}

const cannotTell = (measure: MultivariateDrift['measure'], reason: string): MultivariateDrift => ({ measure, value: null, reference: null, lower: null, upper: null, p: null, outcome: 'cannot tell', reason, columns: [] });

async function byComponents(both: readonly Named[]): Promise<MultivariateDrift> {
  const measure = 'pca_reconstruction';
  const encoded: { name: string; reference: Float64Array; current: Float64Array }[] = [];
  for (const one of both) {
    const found = standardised(one, await one.share?.());
    if (found) encoded.push({ name: one.name, ...found });
  }
  const rows = Math.min(encoded[0]?.reference.length ?? 0, encoded[0]?.current.length ?? 0);
  if (encoded.length < 2) return cannotTell(measure, 'fewer than two columns vary in the reference');
  if (rows < FEWEST) return cannotTell(measure, `fewer than ${FEWEST} rows on a side`);
  const found = pcaReconstruction(encoded.map((one) => one.reference), encoded.map((one) => one.current));
  if (!found) return cannotTell(measure, 'too few rows');
  const { value, own, expected, deviation, p, shares } = found;
  const room = Math.max(SIGMAS * deviation, ERROR_LIMIT * expected);
  // The reference's own rows, seen again, come to less than rows that are new.
  const [lower, upper] = [Math.min(own, expected) - room, Math.max(own, expected) + room];
  const drifted = value < lower || value > upper;
  return {
    measure, value, reference: expected, lower, upper, p, outcome: drifted ? 'fail' : 'pass',
    reason: drifted ? `all columns together: what relates them changed, reconstruction error ${digits(value)} where the reference has ${digits(expected)} (limit ${digits(value > upper ? upper : lower)})` : '',
    columns: topOf(encoded.map(({ name }) => name), shares),
  };
}

async function byClassifier(both: readonly Named[], { seed, signal }: { seed: number; signal: AbortSignal }): Promise<MultivariateDrift> {
  const measure = 'domain_auc';
  const thinned = both.map((one) => ({ ...one, reference: thin(one.reference, MOST_ROWS.classifier), current: thin(one.current, MOST_ROWS.classifier) }));
  const rows = { reference: thinned[0]?.reference.values.length ?? 0, current: thinned[0]?.current.values.length ?? 0 };
  if (thinned.length === 0) return cannotTell(measure, 'no column is compared');
  if (Math.min(rows.reference, rows.current) < FEWEST) return cannotTell(measure, `fewer than ${FEWEST} rows on a side`);
  const found = await domainClassifier(thinned.map(forTrees), rows, { seed, signal });
  if (!found) return cannotTell(measure, 'too few rows');
  const drifted = found.auc > AUC_LIMIT && found.p < ALPHA;
  return {
    measure, value: found.auc, reference: 0.5, lower: null, upper: AUC_LIMIT, p: found.p, outcome: drifted ? 'fail' : 'pass',
    reason: drifted ? `all columns together: a classifier tells the two sides apart, AUC ${digits(found.auc)} (limit ${AUC_LIMIT})` : '', columns: topOf(thinned.map(({ name }) => name), found.shares),
  };
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));

function topOf(names: readonly string[], shares: Float64Array): MultivariateDrift['columns'] {
  return names.map((name, at) => ({ name, share: shares[at] ?? 0 })).filter(({ share }) => share > 0.01).sort((a, b) => b.share - a.share).slice(0, 10);
}

/** Every so-and-so-many-th of what was drawn by chance. */
function thin(column: Values, most: number): Values {
  const n = column.values.length;
  if (n <= most) return column;
  const places = Array.from({ length: most }, (_, at) => Math.floor((at * n) / most));
  const missing = column.missing && Uint8Array.from(places, (row) => column.missing?.[row] ?? 0);
  switch (column.type) {
    case 'float': case 'int': return { type: column.type, values: Float64Array.from(places, (row) => column.values[row] ?? NaN), missing };
    case 'bool': return { type: 'bool', values: Uint8Array.from(places, (row) => column.values[row] ?? 0), missing };
    default: return { type: column.type, values: places.map((row) => column.values[row] ?? ''), missing };
  }
}
