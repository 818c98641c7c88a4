// A slice that a Python function tells is in the figures of a window as any other; where the function fails, the slice says so and the rest stands.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { LogPlace } from '../../../../../src/core/domain/log-place';
import { createDatabase } from '../../../../../src/core/evaluation/data/duckdb';
import { performance } from '../../../../../src/core/monitoring/jobs/performance';
import { sliceSpec } from '../../../../../src/protocol/evaluation/request';
import { python } from '../../evaluation/questions/custom/support';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-tagged-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a tagger is run over the window and over the reference; one that fails leaves out itself, and says why', async () => {
  const database = await createDatabase();
  const rows = (seed: number): string => `SELECT make_timestamp(1762041600000000 + range * 1000000) AS at, range AS key, range % 3 AS kind, p, CASE WHEN p >= 0.5 THEN 1 ELSE 0 END AS said, CASE WHEN hash(range, ${seed}, 1) % 1000 < 1000 * p THEN 1 ELSE 0 END AS truth FROM (SELECT range, (hash(range, ${seed}) % 1000) / 1000.0 AS p FROM range(600))`;
  await database.use((session) => session.run(`COPY (${rows(1)}) TO '${folder}/before.parquet'; COPY (${rows(2)}) TO '${folder}/log.parquet'`));
  database.close();
  writeFileSync(path.join(folder, 'tags.py'), 'def thirds(rows):\n    return [row["kind"] == 0 for row in rows]\n\ndef broken(rows):\n    return [row["knid"] for row in rows]\n');
  const log: LogPlace = { kind: 'files', data: { files: ['log.parquet'], types: {} }, labels: null, model: null, columns: { time: 'at', keys: ['key'], row: null, version: null, role: null, latency: null, rules: null, prediction: 'said', probabilities: 'p', label: 'truth' } };
  const { windows: [window], notes } = await performance({
    workspace: folder, temp: folder, python, log, windows: [{ from: null, to: null }], reference: { data: { files: ['before.parquet'], types: {} }, label: 'truth' }, metrics: ['accuracy'], seed: 0,
    slices: [{ name: 'tagged', tagger: 'tags.py:thirds' }, { name: 'said', where: 'kind = 0' }, { name: 'broken', tagger: 'tags.py:broken' }].map((one) => sliceSpec.parse(one)),
  }, { signal: new AbortController().signal, progress: () => undefined });
  const slices = window?.slices ?? {};
  expect(slices['tagged']).toMatchObject({ n: 200, figures: { accuracy: { estimated: expect.any(Number) as number, realised: expect.any(Number) as number, reference: expect.any(Number) as number, lower: expect.any(Number) as number, realisedRows: 200, why: '' } } });
  expect(slices['tagged']).toEqual(slices['said']);
  const why = slices['broken']?.figures['accuracy']?.why ?? '';
  expect(slices['broken']).toMatchObject({ n: 0, figures: { accuracy: { estimated: null, realised: null } } });
  expect(why).toMatch(/^tagger broken: tags\.py line 5: KeyError: .knid./);
  expect(notes).toContain(`slice broken was left out: ${why.split('; ')[0] ?? ''}`);
});
