/** A closer look at an evaluation: rows, a slice, columns that matter, one row's score; and a person's word on a row. */
import { RunyardError } from '../../core/base/errors';
import type { EngineClient } from '../../engine/client/client';
import { importanceJson } from '../../protocol/evaluation/json';
import type { EvaluationDoc, RowPage } from '../../protocol/evaluation/result';
import type { Selection } from '../../protocol/evaluation/request';
import type { Invocation, Options } from '../command';
import type { Terminal } from '../terminal';
import { asking } from './ask';
import { detailsText, explanationText, importanceText, rowsText } from './look-text';
import { listOf, numberOf, oneOf } from './words';

const ROWS = ['worst', 'best', 'order', 'flips', 'broken', 'fixed', 'unscored'] as const;

export const LOOK_OPTIONS: Options = {
  details: { help: "figures, curves and histograms of --slice or --where" },
  rows: { value: 'WHICH', help: `list rows: ${ROWS.join(', ')}` },
  limit: { value: 'N', help: 'so many rows at most (default: 20)' },
  slice: { value: 'NAME', help: 'of which rows --rows, --details and --importance speak' },
  where: { value: 'SQL', help: 'the same by a predicate, such as "age < 30"' },
  importance: { value: 'METRIC,...', help: 'by how much a metric drops where a column is shuffled' },
  repeats: { value: 'N', help: 'of the shuffling (default: 10)' },
  explain: { value: 'ROW-ID', help: "how far one row's score moves with each column" },
  reject: { value: 'ROW-ID', help: 'pin a row: from now on it has to come out as --expected' },
  accept: { value: 'ROW-ID', help: 'a row is fine as it is: a pin of it goes' },
  expected: { value: 'VALUE', help: 'of --reject (default: the label)' },
  note: { value: 'TEXT', help: 'of --reject and --accept' },
};

export interface Closer { json: Record<string, unknown>; write(out: Terminal): void }

/** Asks for what was asked for, one after the other, and gives parts of the answer: keys of the document, and text below the evaluation. */
export async function lookCloser(call: Invocation, evaluation: EvaluationDoc): Promise<Closer> {
  const parts = [await judged(call, evaluation), await detailed(call, evaluation), await listed(call, evaluation), await important(call, evaluation), await explained(call, evaluation)];
  return {
    json: Object.assign({}, ...parts.map((part) => part?.json)) as Record<string, unknown>,
    write(out) {
      for (const part of parts) {
        if (!part) continue;
        out.line();
        part.write(out);
      }
    },
  };
}

function selectionOf(call: Invocation): Selection {
  const [slice, where] = [call.text('slice'), call.text('where')];
  return { ...(slice !== undefined && { slice }), ...(where !== undefined && { where }) };
}

async function detailed(call: Invocation, { id, classes }: EvaluationDoc): Promise<Closer | null> {
  if (!call.flag('details')) return null;
  const details = await (await call.engine()).request('evaluations.details', { evaluation: id, selection: selectionOf(call) });
  return { json: { details }, write: (out) => out.write(detailsText(details, classes, out)) };
}

async function listed(call: Invocation, { id, baseline }: EvaluationDoc): Promise<Closer | null> {
  const which = oneOf(call.text('rows'), 'rows', ROWS);
  if (which === undefined) return null;
  const limit = call.whole('limit', { least: 1, otherwise: 20 });
  const client = await call.engine();
  if ((which === 'flips' || which === 'broken' || which === 'fixed') && !baseline) throw new RunyardError('bad_input', `--rows ${which} needs two models`, 'write --baseline MODEL');
  const flip = which === 'flips' ? ('any' as const) : which === 'broken' || which === 'fixed' ? which : undefined;
  const sort = flip === undefined ? (which === 'unscored' ? ('order' as const) : (which as 'worst' | 'best' | 'order')) : ('flip' as const);
  const selection = { ...selectionOf(call), ...(flip && { flip }) };
  if (which !== 'unscored') {
    const rows = await client.request('evaluations.rows', { evaluation: id, selection, sort, limit: Math.min(5000, limit) });
    return { json: { rows }, write: (out) => out.write(rowsText(rows, out)) };
  }
  const rows = await unscoredRows(client, { evaluation: id, selection, limit });
  return { json: { rows }, write: (out) => out.write(rowsText(rows, out)) };
}

/** All pages are looked through: the engine knows no selection for them. */
async function unscoredRows(client: EngineClient, { evaluation, selection, limit }: { evaluation: string; selection: Selection; limit: number }): Promise<RowPage> {
  const found: RowPage = { columns: [], total: 0, rows: [] };
  for (let offset = 0; ;) {
    const { columns, rows, total } = await client.request('evaluations.rows', { evaluation, selection, sort: 'order', offset, limit: 5000 });
    const unscored = rows.filter((row) => row.unscored !== null);
    found.columns = columns;
    found.total += unscored.length;
    found.rows.push(...unscored.slice(0, limit - found.rows.length));
    offset += rows.length;
    if (rows.length === 0 || offset >= total) return found;
  }
}

async function important(call: Invocation, { id }: EvaluationDoc): Promise<Closer | null> {
  const text = call.text('importance');
  if (text === undefined) return null;
  const metrics = listOf(text, 'importance');
  const found = await asking(call, (client, job) => client.request('evaluations.importance', {
    evaluation: id, job, metrics, repeats: call.whole('repeats', { least: 1, otherwise: 10 }), seed: call.whole('seed', { least: 0, otherwise: 0 }), selection: selectionOf(call),
  }));
  return { json: { permutation_importance: importanceJson(found) }, write: (out) => out.write(importanceText(found, out)) };
}

async function explained(call: Invocation, { id }: EvaluationDoc): Promise<Closer | null> {
  const example = call.text('explain');
  if (example === undefined) return null;
  const explanation = await (await call.engine()).request('evaluations.explain', { evaluation: id, example });
  return { json: { explanation }, write: (out) => out.write(explanationText(explanation, out)) };
}

async function judged(call: Invocation, { id, task }: EvaluationDoc): Promise<Closer | null> {
  const [rejected, accepted] = [call.text('reject'), call.text('accept')];
  if (rejected !== undefined && accepted !== undefined) throw new RunyardError('bad_input', '--reject and --accept are both given', 'keep one');
  const example = rejected ?? accepted;
  if (example === undefined) return null;
  const expected = call.text('expected');
  const value = expected !== undefined && task === 'regression' ? numberOf(expected, 'expected', '12.5') : expected;
  const judgement = await (await call.engine()).request('evaluations.judge', {
    evaluation: id, example, judgement: rejected === undefined ? 'accepted' : 'rejected', note: call.text('note') ?? '', ...(value !== undefined && { expected: value }),
  });
  return { json: { judgement }, write: (out) => out.line(judgement.pinned ? `pinned ${example}${judgement.file === null ? '' : ` in ${judgement.file}`}` : `${example} is accepted as it is, and not pinned`) };
}
