/** Slices that SQL can't say: a Python function over the rows. */
import * as z from 'zod';
import { RunyardError } from '../../../base/errors';
import type { Data } from '../../data/types';
import { taggerDriver } from './driver';
import { faultOf, findFunction, type CustomPlace } from './place';
import { startPython } from './python-child';
import { wireColumns } from './wire';

const fault = z.object({ fault: z.object({ what: z.string(), line: z.number().nullable(), at: z.number().optional() }) });
const ready = z.union([z.object({ ready: z.literal(true) }), fault]);
const tagged = z.union([z.object({ tags: z.string() }), fault]);
const BATCH = 10_000;

/**
 * 1 where `tagger` (FILE.py:FUNCTION) says True of the row. The function gets lists of rows (dicts by column; None where a value is missing, dates as texts) and
 * returns as many True or False; it is called once for each 10,000 rows, so that a row's answer may only depend on the row. The file must lie in the workspace.
 * Throws bad_input with the file, the line and the exception where it fails, and naming the row where an answer is neither True nor False.
 */
export async function tagRows(tagger: string, data: Pick<Data, 'rows' | 'columns' | 'read'>, place: CustomPlace): Promise<Uint8Array> {
  const found = await findFunction(tagger, place.workspace, 'python');
  const own = { shown: found.shown, called: 'tagger' } as const;
  const of = `tagger ${found.name}`;
  const child = startPython(taggerDriver, of, place);
  try {
    const start = ready.parse(await child.ask({ file: found.file, name: found.name }));
    if ('fault' in start) throw faultOf(of, own, start.fault);
    const tags = new Uint8Array(data.rows);
    for await (const { from, count, columns } of data.read({ columns: data.columns.map(({ name }) => name), batch: BATCH, signal: place.signal })) {
      const answer = tagged.parse(await child.ask({ columns: wireColumns(columns), count }));
      if ('fault' in answer) {
        const { what, line, at } = answer.fault;
        throw at === undefined ? faultOf(of, own, { what: `${what} (rows ${from} to ${from + count - 1})`, line }) : notBoolean(`${of}: ${found.shown}`, what, from + at);
      }
      for (let i = 0; i < count; i++) tags[from + i] = answer.tags.charCodeAt(i) === 49 ? 1 : 0;
    }
    return tags;
  } finally {
    child.dispose();
  }
}

const notBoolean = (of: string, what: string, row: number): RunyardError => new RunyardError('bad_input', `${of}: ${what} for row ${row}, where True or False is expected`, 'return bool(...) for each row');
