/** One row of a log, and what feedback says of all. */
import type { JobTable } from '../../evaluation/process/jobs';
import { keyAt } from '../feedback/keys';
import { openLabels } from '../feedback/labels';
import { factColumns, factsAt, labelReader, openLogRows } from '../feedback/log-rows';
import { summarise } from '../feedback/summary';

/** Null where the log has no such row. With the moment of the row only that is looked at. */
export const logRow: JobTable['logRow'] = async ({ workspace, temp, memory, log, request, row, time }, { signal }) => {
  const window = time === undefined ? { from: null, to: null } : { from: Math.floor(time) - 1, to: Math.ceil(time) + 2 };
  await using rows = await openLogRows(log, window, { workspace, temp, signal, ...(memory !== undefined && { memory }) });
  if (!rows) return null;
  const { columns, data, regression, classes } = rows;
  const reads = labelReader(rows);
  for await (const batch of data.read({ columns: factColumns(columns), signal })) {
    const keys = columns.keys.map((key) => batch.columns[key]).filter((values) => values !== undefined);
    for (let at = 0; at < batch.count; at++) {
      if (keyAt(keys, at) !== request) continue;
      const facts = factsAt(columns, batch, at, request);
      if (facts.row === row) return { ...facts, prediction: facts.prediction === null ? null : (reads(facts.prediction) ?? facts.prediction), regression, classes: [...classes] };
    }
  }
  return null;
};

export const feedbackFacts: JobTable['feedbackFacts'] = async ({ workspace, temp, folder, since, version }, { signal }) => summarise(await openLabels(folder, { workspace, temp, signal }), { since, version });
