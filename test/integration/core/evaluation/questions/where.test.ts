import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openData } from '../../../../../src/core/evaluation/data/open';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { codedColumns } from '../../../../../src/core/evaluation/questions/discover-columns';
import { whereOf } from '../../../../../src/core/evaluation/questions/discover-where';
import { dataSpec, discoverSettings } from '../../../../../src/protocol/evaluation/request';
import type { EvaluationDoc } from '../../../../../src/protocol/evaluation/result';

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-where-')));
  mkdirSync(path.join(folder, 'temp'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const next = random(11);
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(unit(next) * values.length)] as T;
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
/** By name: the declared type and what its cells hold; '' is missing. */
const columns: Record<string, [type: 'float' | 'int' | 'bool' | 'string' | 'date' | 'time', cell: () => string]> = {
  'odd "name", here': ['string', () => quoted(oneOf(["O'Hara", 'say "so"', 'missing', 'NA', 'null', 'ä € 日本', ' padded ', 'a & b=c']))],
  select: ['string', () => oneOf(['', 'x', 'y'])],
  share: ['float', () => String(unit(next))],
  tiny: ['float', () => String(unit(next) * 1e-300)],
  huge: ['float', () => String((unit(next) - 0.5) * 1e300)],
  gaps: ['float', () => oneOf(['', 'inf', '-inf', '0', '-0', String(unit(next) * 100)])],
  thirds: ['float', () => String(Math.round(unit(next) * 5) / 3)],
  tenths: ['float', () => oneOf(['0.1', '0.2', '0.30000000000000004', '0.3', ''])],
  count: ['int', () => String(Math.floor(unit(next) * 1e6) - 5e5)],
  few: ['int', () => oneOf(['', '-1', '0', '7'])],
  big: ['int', () => oneOf(['9007199254740993', '9007199254740992', '-9223372036854775807'])],
  flag: ['bool', () => oneOf(['True', 'False', ''])],
  day: ['date', () => oneOf(['2024-02-29', '1969-12-31', ''])],
  moment: ['time', () => oneOf(['2024-02-29T23:59:59', '2024-02-29T23:59:59.25', '1969-12-31T00:00:00'])],
};

test('every value and bin of every column is a predicate that selects exactly its rows', async () => {
  const names = Object.keys(columns);
  const rows = Array.from({ length: 700 }, () => names.map((name) => columns[name]?.[1]() ?? '').join(','));
  writeFileSync(path.join(folder, 'odd.csv'), `${names.map(quoted).join(',')}\n${rows.join('\n')}\n`);
  const spec = dataSpec.parse({ files: ['odd.csv'], types: Object.fromEntries(names.map((name) => [name, columns[name]?.[0]])) });
  await using data = await openData(spec, { workspace: folder, temp: path.join(folder, 'temp') });
  const doc = { label: '', data: { columns: [] } } as unknown as EvaluationDoc;
  // Every third row was not scored.
  const usable = Int32Array.from({ length: 700 }, (_, row) => row).filter((row) => row % 3 !== 0);
  for (const asked of [undefined, names.map((column) => ({ column }))]) {
    const { columns: coded, types, leftOut } = await codedColumns({ data, doc, rows: usable, settings: discoverSettings.parse({ columns: asked }), signal: new AbortController().signal, progress: () => undefined });
    expect(leftOut).toEqual([]);
    expect(coded.map(({ name }) => name)).toEqual(names);
    const cases = coded.flatMap((column, at) => column.labels.map((label, code) => ({ column, code, label, where: whereOf(coded, types, { columns: [at], codes: [code] }) })));
    for (const { where } of cases) await data.checkPredicate(where);
    const members = await data.members(cases.map(({ where }) => where));
    for (const [at, { column, code, where }] of cases.entries()) {
      const bySql = Array.from(usable.filter((row) => members[at]?.[row] === 1));
      const byCode = Array.from(usable.filter((_, place) => column.codes[place] === code));
      expect({ where, rows: bySql }).toEqual({ where, rows: byCode });
    }
  }
});
