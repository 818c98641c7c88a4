/** Drift of one data set from another, for the evaluator's process: a column of each side at a time, so that memory holds two columns and not two data sets. */
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import type { Column, Data, Values } from '../../evaluation/data/types';
import { openData } from '../../evaluation/data/open';
import type { JobTable } from '../../evaluation/process/jobs';
import type { DriftDoc, DriftRequest, DriftSide } from '../../../protocol/drift';
import { categoricalFigures, numericFigures, type Measured } from '../drift/figures';
import { predictionsOf } from '../drift/predictions';
import { judgeColumns, type MeasuredColumn } from '../drift/report';
import { schemaChanges } from '../drift/schema';
import { sampleOfValues, textsOfValues } from '../drift/values';
import { countCategories } from '../measures/categories';

const NUMBERS = new Set(['float', 'int']);
const GROUPS = new Set(['string', 'bool']);

/** Throws not_found for a column that was asked for and a side hasn't; bad_input for a label that isn't there; what reading and the model throw. */
export const driftReport: JobTable['driftReport'] = async (params, { signal, progress }) => {
  const began = performance.now();
  const { workspace, temp, memory, python, request, created } = params;
  const options = { workspace, temp, signal, ...(memory !== undefined && { memory }) };
  progress('reading data', 0, 0);
  await using reference = await openData(request.reference, options);
  await using current = await openData(request.current, options);
  const sides: Sides = { reference, current };
  const { names, leftOut } = compared(sides, request);
  const measured: MeasuredColumn[] = [];
  const all = [...names, ...(request.label === undefined ? [] : [request.label])];
  for (const [at, name] of all.entries()) {
    if (signal.aborted) throw new RunyardError('cancelled', 'stopped', '');
    const label = at === names.length;
    const [before, after] = [await reference.column(name, signal), await current.column(name, signal)];
    const kind = kindOf(sides, name, request, label);
    if (typeof kind !== 'string') leftOut.push({ column: name, why: kind.why });
    else measured.push({ name, role: label ? 'label' : 'input', measured: measure(before, after, kind) });
    progress('comparing columns', at + 1, all.length);
  }
  const place = { workspace, temp, python, signal };
  const total = reference.rows + current.rows;
  const before = await predictionsOf(reference, request, { ...place, progress: (done) => progress('asking the model', done, total) });
  const after = await predictionsOf(current, request, { ...place, progress: (done) => progress('asking the model', reference.rows + done, total) });
  for (const [name, { values, type }] of before) {
    const now = after.get(name);
    if (now) measured.push({ name, role: 'prediction', measured: measure(values, now.values, type) });
  }
  return { version: 1, created, duration: (performance.now() - began) / 1000, reference: sideOf(reference), current: sideOf(current), request, schema: schemaChanges(reference.columns, current.columns), leftOut, ...judgeColumns(measured, request) };
};

interface Sides { reference: Data; current: Data }
const columnOf = ({ columns }: Data, name: string): Column | undefined => columns.find((column) => column.name === name);
const sideOf = ({ spec, rows, digest, bytes }: Data): DriftSide => ({ files: spec.files, rows, digest, bytes });

function measure(before: Values, after: Values, kind: 'numeric' | 'categorical'): Measured {
  return kind === 'numeric' ? numericFigures(sampleOfValues(before), sampleOfValues(after)) : categoricalFigures(countCategories(textsOfValues(before), textsOfValues(after)));
}

function compared({ reference, current }: Sides, { columns, label }: DriftRequest): { names: string[]; leftOut: DriftDoc['leftOut'] } {
  for (const name of [...(columns ?? []), ...(label === undefined ? [] : [label])]) {
    for (const data of [reference, current]) {
      if (columnOf(data, name)) continue;
      const near = nearest(name, data.columns.map((column) => column.name));
      throw new RunyardError('not_found', `${data.spec.files.join(', ')} has no column ${name}`, near ? `did you mean ${near}?` : `it has ${data.columns.map((column) => column.name).slice(0, 30).join(', ')}`);
    }
  }
  return { names: columns ?? reference.columns.map(({ name }) => name).filter((name) => name !== label && columnOf(current, name)), leftOut: [] };
}

/** Of a label: whole numbers with few values are classes. */
function kindOf({ reference, current }: Sides, name: string, { categorical, task }: DriftRequest, label: boolean): 'numeric' | 'categorical' | { why: string } {
  const [was, is] = [columnOf(reference, name)?.type ?? 'other', columnOf(current, name)?.type ?? 'other'];
  if (categorical.includes(name) || (label && task !== 'regression' && task !== undefined)) return 'categorical';
  if (NUMBERS.has(was) && NUMBERS.has(is)) return 'numeric';
  if (GROUPS.has(was) && GROUPS.has(is)) return 'categorical';
  return { why: was === is ? `columns of type ${was} aren't compared` : `it is ${was} in the reference and ${is} in the current data` };
}
