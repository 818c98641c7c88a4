/** What a person said of an example: rejected ones are pinned, accepted ones are let go. */
import path from 'node:path';
import * as z from 'zod';
import { RunyardError } from '../../base/errors';
import type { Clock } from '../../base/clock';
import { PINNED_FILE, withoutPin, withPin } from '../../config/pinned';
import type { Records } from '../../store/records';
import type { MethodArgs, MethodResults } from '../../../protocol/engine';
import type { EvaluationDoc, ExampleRow } from '../../../protocol/evaluation/result';
import { readText, replaceText } from './text-files';

/** An example that was looked at and found to be fine as it is; `at` in ISO 8601. */
export const judgement = z.object({ evaluation: z.string(), example: z.string(), judgement: z.literal('accepted'), note: z.string(), by: z.string(), at: z.string(), seen: z.string() });
export type Judgement = z.output<typeof judgement>;

export interface Judging {
  workspace: string; records: Records; clock: Clock;
  /** the example in the evaluation; undefined where it isn't there */
  find(id: string, example: string): Promise<ExampleRow | undefined>;
}
type Args = MethodArgs<'evaluations.judge'>;

/** Throws not_found for an example that the evaluation doesn't have, bad_input where nobody knows what it should be. */
export async function judge({ workspace, records, clock, find }: Judging, doc: EvaluationDoc, args: Args): Promise<MethodResults['evaluations.judge']> {
  const { example: id } = args;
  const row = await find(doc.id, id);
  if (!row) throw new RunyardError('not_found', `the evaluation has no example '${id}'`, 'give the id of one of its rows');
  const file = path.join(workspace, PINNED_FILE);
  const key = { evaluation: doc.name, id };
  const record = `${doc.name}/${id}`;
  const at = new Date(clock() * 1000).toISOString();
  const text = readText(file);
  if (args.judgement === 'rejected') {
    replaceText(file, withPin(text, { ...key, expected: expectedOf(doc, args, row), ...(args.within !== undefined && { within: args.within }), note: args.note, by: args.by, at }));
    records.remove('judgement', record);
    return { pinned: true, file: PINNED_FILE };
  }
  const rest = withoutPin(text, key);
  if (rest !== null) replaceText(file, rest);
  const doc_: Judgement = { evaluation: doc.name, example: id, judgement: 'accepted', note: args.note, by: args.by, at, seen: doc.id };
  records.put('judgement', { id: record, scope: doc.name, sort: clock() * 1000, doc: doc_ });
  return { pinned: false, file: rest === null ? null : PINNED_FILE };
}

/** What was said, else the label of the row. A number for a regression, one of the classes else. */
function expectedOf(doc: EvaluationDoc, { expected }: Args, { truth }: ExampleRow): string | number {
  const wanted = expected ?? truth;
  if (wanted === null) throw new RunyardError('bad_input', 'the row has no label, so nobody knows what it should come out as', 'say it: expected');
  if (doc.task === 'regression') {
    const number = Number(wanted);
    if (wanted === '' || !Number.isFinite(number)) throw new RunyardError('bad_input', `'${wanted}' is no number`, `${doc.label} is one`);
    return number;
  }
  if (!doc.classes.includes(String(wanted))) throw new RunyardError('bad_input', `'${wanted}' is none of the classes`, `they are ${doc.classes.slice(0, 20).join(', ')}`);
  return String(wanted);
}
