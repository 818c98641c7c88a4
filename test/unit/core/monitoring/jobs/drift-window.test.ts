// Drift of a window of a log: the log's columns about serving are told apart from what the model was asked, its answers are compared, and an empty window is an answer too.
import { mkdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { driftWindow } from '../../../../../src/core/monitoring/jobs/drift-window';
import { writeLabels } from '../../../../../src/core/monitoring/feedback/label-files';
import { openLabels } from '../../../../../src/core/monitoring/feedback/labels';
import { SERVING_COLUMNS } from '../../../../../src/core/monitoring/log/place';
import type { LogPlace, LogWindow, ReferencePlace } from '../../../../../src/core/domain/log-place';
import type { DriftDoc, DriftInput } from '../../../../../src/protocol/drift';
import { bench, sql } from '../../evaluation/data/support';

const { dir, temp, file } = bench();
const DAY = 86_400_000;
const monday = Date.parse('2026-11-02T00:00:00Z');
const watch = { signal: new AbortController().signal, progress: () => undefined };
const run = (log: LogPlace, window: Partial<LogWindow>, reference: ReferencePlace, request: Partial<Omit<DriftInput, 'reference' | 'current'>> = {}): Promise<DriftDoc> => {
  mkdirSync(temp, { recursive: true });
  return driftWindow({ workspace: dir, temp, python: null, log, window: { from: null, to: null, ...window }, reference, request, created: 1 }, watch);
};

// Two days of 300 rows; on the second incomes are higher and the model says yes more often. Every tenth row is of a shadow.
const folder = path.join(dir, '.runyard', 'serving', 'loan', 'production');
const serving: LogPlace = { kind: 'serving', folder, labels: null, model: 'loan@production', columns: SERVING_COLUMNS };
const row = (day: number): string => `SELECT make_timestamp(${(monday + day * DAY) * 1000} + range * 60000000) AS ry_time, 'r' || range AS ry_request, 0 AS ry_row, 3 AS ry_version, CASE WHEN range % 10 = 9 THEN 'shadow' ELSE 'live' END AS ry_role, 1.5 AS ry_latency_ms, '' AS ry_rules,
  (hash(range, ${day}) % 1000) / 1000.0 + ${day} * 0.6 AS income, CASE WHEN range % 3 = 0 THEN 'a' ELSE 'b' END AS region, CASE WHEN hash(range, 7) % 10 < ${3 + day * 5} THEN 'yes' ELSE 'no' END AS ry_prediction, 0.3 AS ry_p_no, 0.7 AS ry_p_yes FROM range(300)`;
const written = (async () => {
  for (const day of [0, 1]) {
    const place = path.join(folder, `date=2026-11-0${2 + day}`);
    mkdirSync(place, { recursive: true });
    await sql(`COPY (${row(day)}) TO '${place}/a.parquet' (FORMAT parquet)`);
  }
  await sql(`COPY (SELECT range AS id, (hash(range, 9) % 1000) / 1000.0 AS income, CASE WHEN range % 3 = 0 THEN 'a' ELSE 'b' END AS region, range % 2 AS repaid FROM range(500)) TO '${dir}/train.parquet'`);
})();

describe('drift of a window of a serving log', () => {
  it('from the window before: of what the model was asked and what it answered, without the rows of a shadow', async () => {
    await written;
    const doc = await run(serving, { from: monday + DAY, to: monday + 2 * DAY }, { window: { from: monday, to: monday + DAY } });
    expect([doc.reference.rows, doc.current.rows]).toEqual([270, 270]);
    expect(Object.keys(doc.columns)).toEqual(['income', 'region']);
    expect(Object.keys(doc.predictions)).toEqual(['label', 'probability:yes']);
    expect([...doc.drifted].sort()).toEqual(['income', 'label']);
    expect(doc.schema).toEqual([]);
    expect(doc.request.current).toMatchObject({ files: [`${folder}/date=*/*.parquet`], where: `"ry_role" IN ('live', 'canary')`, window: { column: 'ry_time', from: '2026-11-03T00:00:00.000Z' } });
  });

  it('from the data that the model was made from, whose other columns are not gone', async () => {
    await written;
    const spec = { files: ['train.parquet'], types: {} };
    const doc = await run(serving, { from: monday, to: monday + DAY }, { data: spec, label: 'repaid' });
    expect(Object.keys(doc.columns)).toEqual(['income', 'region']);
    expect(doc).toMatchObject({ outcome: 'pass', schema: [], predictions: {}, label: null });
    expect(Object.keys((await run(serving, { from: monday, to: monday + DAY }, { data: spec, label: null }, { columns: ['region'] })).columns)).toEqual(['region']);
    await expect(run(serving, {}, { data: spec, label: null }, { columns: ['regoin'] })).rejects.toMatchObject({ code: 'not_found', hint: 'the log has income, region' });
  });

  it('tells drift of the labels that were imported, whole or few, and nothing of what reviewers said of rows that were chosen', async () => {
    await written;
    const labels = path.join(dir, '.runyard', 'feedback', 'loan', 'production');
    const label = (request: number, said: string): Parameters<typeof writeLabels>[1][number] => ({ request: `r${request}`, row: 0, label: said, prediction: null, right: null, version: null, time: null });
    const log: LogPlace = { ...serving, labels };
    const spec = { files: ['train.parquet'], types: {} };
    const days = { from: monday, to: monday + DAY };
    await mkdir(labels, { recursive: true });
    await writeFile(path.join(labels, 'reviews.jsonl'), Array.from({ length: 60 }, (_, n) => `${JSON.stringify({ request: `r${n}`, row: 0, judgement: 'wrong', answer: '1', by: { name: 'ana' }, t: 1, label: '1' })}\n`).join(''));
    expect((await openLabels(labels, { workspace: dir, temp })).size).toBe(60);
    expect((await run(log, days, { data: spec, label: 'repaid' })).label).toBeNull();
    // Half of the training data are 1; of the labels that came nine in ten, half of them written with a fraction.
    await writeLabels(labels, Array.from({ length: 150 }, (_, n) => label(n, `${n % 10 === 0 ? 0 : 1}${n % 2 === 0 ? '.0' : ''}`)), { t: 1, by: 'a test' });
    const doc = await run(log, days, { data: spec, label: 'repaid' }, { task: 'binary' });
    expect(doc.label).toMatchObject({ name: 'repaid', role: 'label', type: 'categorical', outcome: 'fail', figures: { counts: { 0: [250, 15], 1: [250, 120] }, missing: { current_rate: 0.5 } } });
    expect(doc.drifted).toEqual(['repaid']);
    // The window before has the same requests, so the same labels.
    expect((await run(log, { from: monday + DAY, to: monday + 2 * DAY }, { window: days })).label).toMatchObject({ name: 'true label', outcome: 'pass' });
    expect((await run(serving, days, { data: spec, label: 'repaid' })).label).toBeNull();
  });

  it("that is empty, or whose reference is, is 'cannot tell', with which and why", async () => {
    await written;
    const later = { from: monday + 30 * DAY, to: monday + 31 * DAY };
    const doc = await run(serving, later, { window: { from: monday, to: monday + DAY } });
    expect(doc).toMatchObject({ outcome: 'cannot tell', current: { rows: 0 }, columns: {}, reasons: [expect.stringContaining('there is no file of the time from 2026-12-02')] });
    const missing = await run(serving, { from: monday, to: monday + DAY }, { window: { from: monday + DAY / 2, to: monday + DAY / 2 + 1 } });
    expect(missing).toMatchObject({ outcome: 'cannot tell', reference: { rows: 0 }, current: { rows: 270 } });
    expect(missing.reasons[0]).toMatch(/^the reference: .*there are no rows of ry_time from 2026-11-02T12:00.*: ry_time goes from 2026-11-02 00:00:00 to 2026-11-02 04:59:00 \(UTC\)$/);
  });
});

describe('drift of a window of files that others wrote', () => {
  it('compares Mondays with Mondays, and tells amounts from classes', async () => {
    const days = Array.from({ length: 28 }, (_, day) => Array.from({ length: 40 }, (_, n) => `${new Date(monday + day * DAY + n * 60_000).toISOString()},${day}-${n},${(day % 7 === 0 ? 100 : 0) + ((n * 37) % 40)},${n * 1.5},${(n % 2) + (day >= 21 && n % 2 === 0 ? 1 : 0)}`)).flat();
    file('log.csv', `at,key,sales,said,kind\n${days.join('\n')}\n`);
    const log: LogPlace = { kind: 'files', data: { files: ['log.csv'], types: {} }, labels: null, model: null, columns: { time: 'at', keys: ['key'], row: null, version: null, role: null, latency: null, rules: null, prediction: 'said', probabilities: null, label: null } };
    const last = { from: monday + 21 * DAY, to: monday + 22 * DAY };
    const mondays = await run(log, last, { window: { from: monday, to: monday + 21 * DAY, weekdays: [1] } }, { categorical: ['kind'] });
    expect(mondays.reference.rows).toBe(120);
    expect(Object.keys(mondays.columns)).toEqual(['sales', 'kind']);
    expect(Object.keys(mondays.predictions)).toEqual(['prediction']);
    expect(mondays.drifted).toEqual(['kind']);
    expect((await run(log, last, { window: { from: monday, to: monday + 21 * DAY } })).drifted).toContain('sales');
    const classes = await run({ ...log, columns: { ...log.columns, prediction: 'kind' } }, last, { window: { from: monday, to: monday + 21 * DAY } });
    expect(classes.predictions).toMatchObject({ label: { type: 'categorical' } });
  });
});
