/** Rows of the log that labels are for. */
import type { ImportColumns } from './import-columns';
import { shown, tell, told, type Told, type Wanted } from './import-rows';
import { keyAt, rowKey } from './keys';
import { factColumns, factsAt, type LogRows, type RowFacts } from './log-rows';

/** `ambiguous`: of the unknown ones those whose request has several rows, and the file doesn't say which. `several`: keys that more than one row of the log has. */
export interface Matched { pairs: { wanted: Wanted; facts: RowFacts[] }[]; unknown: Told; ambiguous: number; several: number }

/** One pass over the log; memory goes with the labels, not with the log. A row that the log has twice counts once: the one that was answered later, of the same moment or without any the later line. */
export async function matchRows(wanted: readonly Wanted[], log: LogRows | null, { pairs, byRequest }: ImportColumns, signal: AbortSignal): Promise<Matched> {
  const byKey = new Map<string, Map<string, RowFacts>>(wanted.map(({ key }) => [key, new Map()]));
  if (log) {
    const { columns, data } = log;
    const keys = pairs.map((one) => one.log);
    for await (const batch of data.read({ columns: [...new Set([...keys, ...factColumns(columns)])], signal })) {
      const [own, names] = [keys, columns.keys].map((some) => some.map((name) => batch.columns[name]).filter((values) => values !== undefined));
      for (let row = 0; row < batch.count; row++) {
        const hits = byKey.get(keyAt(own ?? [], row) ?? '');
        const request = hits && keyAt(names ?? [], row);
        if (!hits || request == null) continue;
        const facts = factsAt(columns, batch, row, request);
        const same = rowKey(request, facts.row);
        const before = hits.get(same);
        if ((before?.time ?? -Infinity) <= (facts.time ?? Infinity)) hits.set(same, facts);
      }
    }
  }
  const matched: Matched = { pairs: [], unknown: told(), ambiguous: 0, several: 0 };
  for (const one of wanted) {
    const hits = [...(byKey.get(one.key)?.values() ?? [])].filter(({ row }) => one.row === null || row === one.row);
    if (hits.length > 1) {
      if (byRequest) matched.ambiguous++;
      else matched.several++;
    }
    if (hits.length === 0 || (hits.length > 1 && byRequest)) tell(matched.unknown, shown(one.key, one.row));
    else matched.pairs.push({ wanted: one, facts: hits });
  }
  return matched;
}
