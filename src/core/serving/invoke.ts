/** One request to /invocations, from its text to what is answered and logged. */
import { RunyardError } from '../base/errors';
import type { ServingConfig } from '../config/monitoring';
import { add, type Counts } from './counts';
import { shareOf } from './record/hash';
import type { LoggedRows } from './record/lines';
import type { JournalWriter } from './record/writer';
import { fitted } from './http/columns';
import { parseCsv } from './http/csv';
import { parseJson } from './http/json';
import { predictionsOf, probabilitiesOf } from './http/answer';
import { badRequest, Refusal } from './http/refusal';
import { checkTwice, tableOf, type Asked } from './http/table';
import { apply, nothingMet, type Met } from './rules/apply';
import { withOutputs } from './rules/outputs';
import type { Fleet } from './follow/fleet';
import type { Served } from './follow/served';
import type { Role, Rows, Scalar, Scored, ServedSchema } from './types';

export type InvokeConfig = Pick<ServingConfig, 'sample' | 'canary' | 'shadow'>;
export interface Invoking { fleet: Fleet; writer: JournalWriter; counts: Counts; config(): InvokeConfig }
export interface Invocation { request: string; text: string; csv: boolean; probabilities: boolean; /** ms since the epoch, and on the process's own clock */ time: number; started: number }
export interface Answer { predictions: Scalar[]; probabilities: (Record<string, number | null> | null)[] | null; version: number; role: Role; rules: string[]; ignored: string[] }

/** A shadow that is this many rows behind is not asked more: it never slows the answer. */
const SHADOW_BEHIND = 5000;

/** Throws a refusal for what is wrong with the request, and what keeps a right one from being answered. When it resolves the rows are in the log. */
export async function invoke(asked: Invocation, { fleet, writer, counts, config }: Invoking): Promise<Answer> {
  const { canary, sample } = config();
  const chosen = canary && shareOf(asked.request, 'canary') < canary.percent / 100 ? fleet.get('canary') : null;
  const role: Role = chosen ? 'canary' : 'live';
  const served = chosen ?? fleet.get('live');
  if (!served) throw new Refusal(503, 'TEMPORARILY_UNAVAILABLE', fleet.problems.get('live') ?? 'nothing is live');
  const { schema } = served;
  const { table, params } = read(asked, schema);
  const { rows, ignored } = fitted(table, schema);
  const probabilities = asked.probabilities || params['probabilities'] === true;
  const base = { version: served.version, role, ignored: [...ignored, ...Object.keys(params).filter((name) => name !== 'probabilities').map((name) => `params.${name}`)] };
  if (rows.count === 0) return { ...base, predictions: [], probabilities: probabilities ? [] : null, rules: [] };
  const met = nothingMet(rows.count);
  refused(apply(served.rules.input, rows, met), counts);
  const scored = await served.batcher.ask(rows);
  failedRows(scored);
  const predictions = predictionsOf(scored, schema, rows.count);
  if (served.rules.output.length > 0) refused(apply(served.rules.output, withOutputs(rows, { scored, predictions }, schema), met), counts);
  for (const [rule, count] of met.counts) add(counts.rules, rule, count);
  const logged: LoggedRows = {
    request: asked.request, time: asked.time, version: served.version, role, latency: round(performance.now() - asked.started), rows, scored, predictions,
    rules: met.names.map((names) => names.join(', ')), answers: met.instead,
  };
  const sampled = sample >= 1 || shareOf(asked.request, 'sample') < sample;
  if (sampled) await writer.append(served.form, asked.time, served.form.lines(logged));
  counts.answered += 1;
  counts.rows += rows.count;
  counts[sampled ? 'logged' : 'sampledOut'] += rows.count;
  mirror(logged, { sampled, served }, { fleet, writer, counts, config });
  return { ...base, rules: [...new Set(met.names.flat())], predictions: predictions.map((one, row) => (met.instead[row] === undefined ? one : met.instead[row])), probabilities: probabilities ? probabilitiesOf(scored, schema, rows.count) : null };
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

function read({ text, csv }: Invocation, schema: ServedSchema): Asked {
  if (!csv) return tableOf(parseJson(text), schema);
  const { names, rows } = parseCsv(text);
  checkTwice(names);
  return { table: { names, width: names.length, count: rows.length, cell: (row, column) => rows[row]?.[column] ?? null, text: true }, params: {} };
}

function refused({ rejected, counts: met }: Met, counts: Counts): void {
  if (!rejected) return;
  for (const [rule, count] of met) add(counts.rules, rule, count);
  const { rule, row } = rejected;
  throw new Refusal(422, 'REJECTED_BY_RULE', `row ${row + 1} is rejected by the rule ${rule.name} (${rule.when})${rule.note === '' ? '' : `: ${rule.note}`}`, { rule: rule.name });
}

function failedRows({ failed }: Scored): void {
  const [first] = [...failed].sort(([a], [b]) => a - b);
  if (first) throw badRequest(`row ${first[0] + 1}: ${first[1]}${failed.size > 1 ? `; and ${failed.size - 1} more rows` : ''}`);
}

/** The candidate is asked too, after the answer; whatever comes of it changes nothing for who asked. */
function mirror(live: LoggedRows, { sampled, served }: { sampled: boolean; served: Served }, { fleet, writer, counts, config }: Invoking): void {
  const shadow = fleet.get('shadow');
  const share = config().shadow?.share ?? 0;
  const { rows, request } = live;
  if (!shadow || shareOf(request, 'shadow') >= share) return;
  if (shadow.batcher.waiting + rows.count > SHADOW_BEHIND && shadow.batcher.waiting > 0) return void (counts.shadow.dropped += rows.count);
  const started = performance.now();
  const own = shadowRows(rows, shadow.schema);
  if (own === null) return void (counts.shadow.failed += rows.count);
  shadow.batcher.ask(own).then(async (scored) => {
    const predictions = predictionsOf(scored, shadow.schema, rows.count);
    counts.shadow.rows += rows.count - scored.failed.size;
    counts.shadow.failed += scored.failed.size;
    predictions.forEach((one, row) => { if (!scored.failed.has(row)) counts.shadow[same(one, live.predictions[row], served.schema) ? 'same' : 'differing'] += 1; });
    if (!sampled || scored.failed.size > 0) return;
    await writer.append(shadow.form, live.time, shadow.form.lines({ ...live, rows: own, scored, predictions, version: shadow.version, role: 'shadow', latency: round(performance.now() - started), answers: [] }));
  }).catch((error: unknown) => {
    counts.shadow.failed += rows.count;
    if (!(error instanceof RunyardError)) process.stderr.write(`runyard: the shadow failed: ${String(error)}\n`);
  });
}

/** The columns that the shadow takes, of the same types; null where it takes others. */
function shadowRows({ count, columns }: Rows, schema: ServedSchema): Rows | null {
  const own = Object.fromEntries(schema.columns.map(({ name }) => [name, columns[name]]));
  return schema.columns.every(({ name, type }) => own[name]?.type === type) ? { count, columns: own as Rows['columns'] } : null;
}

/** Numbers within 1e-6 of each other, relative to the larger. */
const same = (one: Scalar, other: Scalar | undefined, { gives }: ServedSchema): boolean =>
  (gives === 'label' || typeof one !== 'number' || typeof other !== 'number' ? String(one) === String(other) : Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(one), Math.abs(other)));
