/** Two opened sides held against each other: a column of each at a time, so that memory holds two columns and not two data sets. */
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import { pause } from '../../base/stopping';
import type { Column, Data, Values } from '../../evaluation/data/types';
import type { Watch } from '../../evaluation/process/jobs';
import type { DriftDoc, DriftRequest, DriftSide, MultivariateDrift, SchemaChange } from '../../../protocol/drift';
import { labelSource, labelType } from './label';
import type { MeasuredColumn } from './figures';
import { multivariate } from './multivariate';
import { measureNumbers } from './numbers';
import { judgeColumns, type Judgements } from './report';
import { slicesOf } from './slices';
import { measured, NAMES, type Kind, type Source } from './sources';

/** Of DuckDB for each side, in bytes, unless it is told otherwise: columns are read one after the other, so it needs little. */
export const SIDE_MEMORY = 2 ** 27;
/** By the name of what was predicted: 'label', 'probability:CLASS', 'score', 'prediction'. */
export type PredictionSources = Map<string, { source: Source; type: Kind }>;
/** `label`: its column there; null: it has none. `labels`: its values, where they aren't (all) in that column. */
export interface Side { data: Data; shown: DriftSide; label: string | null; labels?: Values | undefined; predictions(progress: (done: number) => void): Promise<PredictionSources> }
export interface Sides { reference: Side; current: Side }
export interface Comparing { request: DriftRequest; created: number; began: number; /** columns of both */ names: readonly string[]; /** grows */ leftOut?: DriftDoc['leftOut']; schema: SchemaChange[]; watch: Watch; /** shares by column; null: nothing is known */ importance(): Promise<Record<string, number> | null> }

export async function compareSides(sides: Sides, comparing: Comparing): Promise<DriftDoc> {
  const { reference, current } = sides;
  const { request, created, began, names, schema, watch } = comparing;
  const leftOut = comparing.leftOut ?? [];
  const found: MeasuredColumn[] = [];
  const add = async (name: string, role: MeasuredColumn['role'], kind: Kind, [before, after]: [Source, Source]): Promise<void> => {
    await pause(watch.signal);
    const own = await measured(before, after, kind, watch.signal);
    if (own) found.push({ name, role, measured: own });
    else leftOut.push({ column: name, why: NAMES });
  };
  const labelled = reference.label !== null && current.label !== null;
  const total = names.length + (labelled ? 1 : 0);
  const kinds = new Map(names.map((name) => [name, kindOf([columnOf(reference.data, name), columnOf(current.data, name)], request.categorical.includes(name))]));
  const numbers = names.filter((name) => kinds.get(name) === 'numeric');
  const measures = await measureNumbers({ reference: reference.data, current: current.data }, numbers, { signal: watch.signal, tell: (done) => watch.progress('comparing columns', done, total) });
  for (const name of names) {
    const [kind, own] = [kinds.get(name), measures.get(name)];
    if (own) found.push({ name, role: 'input', measured: own });
    else if (kind === 'categorical') await add(name, 'input', kind, [{ data: reference.data, column: name }, { data: current.data, column: name }]);
    else if (typeof kind === 'object') leftOut.push({ column: name, why: kind.why });
    watch.progress('comparing columns', Math.max(measures.size, found.length), total);
  }
  if (reference.label !== null && current.label !== null) {
    const kind = kindOf([labelType(reference), labelType(current)], request.categorical.includes(reference.label) || (request.task !== undefined && request.task !== 'regression'));
    if (typeof kind !== 'string') leftOut.push({ column: reference.label, why: kind.why });
    else await add(reference.label, 'label', kind, [labelSource(reference), labelSource(current)]);
    watch.progress('comparing columns', total, total);
  }
  const rows = reference.data.rows + current.data.rows;
  const before = await reference.predictions((done) => watch.progress('asking the model', done, rows));
  const after = await current.predictions((done) => watch.progress('asking the model', reference.data.rows + done, rows));
  for (const [name, { source, type }] of before) {
    const now = after.get(name);
    if (now) await add(name, 'prediction', type, [source, now.source]);
  }
  const importance = await comparing.importance();
  const judged = judgeColumns(found, request, importance);
  const inputs = Object.values(judged.columns).map(({ name, type }) => ({ name, kind: type }));
  const together = request.multivariate ? await multivariate({ reference: reference.data, current: current.data }, inputs, { seed: request.seed, ...watch }) : [];
  const sliced = request.slices.length === 0 ? null : await slicesOf({ reference: reference.data, current: current.data }, { request, columns: Object.values(judged.columns), drifted: judged.drifted, importance, ...watch });
  leftOut.push(...(sliced?.leftOut ?? []));
  return {
    version: 1, created, duration: (performance.now() - began) / 1000, reference: reference.shown, current: current.shown, request, schema, leftOut, ...withTogether(judged, together),
    ...(request.multivariate && { multivariate: together }), ...(sliced && { slices: sliced.slices }),
  };
}

function withTogether(judged: Judgements, together: readonly MultivariateDrift[]): Judgements {
  const failed = together.filter(({ outcome }) => outcome === 'fail');
  return failed.length === 0 ? judged : { ...judged, outcome: 'fail', reasons: [...judged.reasons.slice(0, judged.drifted.length), ...failed.map(({ reason }) => reason), ...judged.reasons.slice(judged.drifted.length)] };
}

export const columnOf = ({ columns }: Data, name: string): Column | undefined => columns.find((column) => column.name === name);
export const shownOf = ({ spec, rows, digest, bytes }: Data): DriftSide => ({ files: spec.files, rows, digest, bytes });

/** Throws not_found naming a near one. */
export function mustHave(data: Data, name: string): void {
  if (columnOf(data, name)) return;
  const near = nearest(name, data.columns.map((column) => column.name));
  throw new RunyardError('not_found', `${data.spec.files.join(', ')} has no column ${name}`, near ? `did you mean ${near}?` : `it has ${data.columns.map((column) => column.name).slice(0, 30).join(', ')}`);
}

const NUMBERS = new Set(['float', 'int']);
const GROUPS = new Set(['string', 'bool']);

/** Whole numbers of a label are classes where the task says so: then it is said to be categorical. */
export function kindOf([before, after]: readonly [Column | undefined, Column | undefined], categorical: boolean): Kind | { why: string } {
  const [was, is] = [before?.type ?? 'other', after?.type ?? 'other'];
  if (categorical) return 'categorical';
  if (NUMBERS.has(was) && NUMBERS.has(is)) return 'numeric';
  if (GROUPS.has(was) && GROUPS.has(is)) return 'categorical';
  return { why: was === is ? `columns of type ${was} aren't compared` : `it is ${was} in the reference and ${is} in the current data` };
}
