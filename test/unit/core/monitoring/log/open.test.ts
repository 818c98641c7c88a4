import { mkdirSync, rmSync, truncateSync, writeFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { logFacts } from '../../../../../src/core/monitoring/jobs/log-facts';
import { openLabels } from '../../../../../src/core/monitoring/feedback/labels';
import { resolveLog } from '../../../../../src/core/monitoring/log/open';
import { logPlaceOf } from '../../../../../src/core/monitoring/log/place';
import { logSource } from '../../../../../src/core/config/monitoring';
import { inDuckdb, journalRow, logFolder, rowSql, writeDay, writeJournal, type LogFolder } from './support';
import type { LogPlace, LogWindow } from '../../../../../src/core/domain/log-place';

const made: LogFolder[] = [];
const fresh = (): LogFolder => made[made.push(logFolder()) - 1] as LogFolder;
afterEach(() => { for (const { workspace } of made.splice(0)) rmSync(workspace, { recursive: true, force: true }); });

const watch = { signal: new AbortController().signal, progress: () => undefined };
const at = (text: string): number => Date.parse(text);
const DAY: LogWindow = { from: at('2026-03-02T00:00:00Z'), to: at('2026-03-03T00:00:00Z') };
const facts = ({ workspace, temp }: LogFolder, log: LogPlace, window: LogWindow): ReturnType<typeof logFacts> => logFacts({ workspace, temp, python: null, log, window }, watch);
const rowsIn = async (files: readonly string[]): Promise<number> => Number((await inDuckdb(`SELECT count(*) AS n FROM read_parquet([${files.map((file) => `'${file}'`).join(', ')}], hive_partitioning = false)`))[0]?.['n']);

describe('a window of a serving log', () => {
  test('is null where no file is', async () => {
    const folder = fresh();
    expect(await resolveLog(folder.place, DAY, folder)).toBeNull();
    expect(await facts(folder, folder.place, DAY)).toEqual({ rows: 0, from: null, to: null, versions: [], latency: null, rules: [], labelled: 0, files: 0, future: 0, unreadable: [] });
  });

  test('takes the files of its days only, answered rows only, and no column of the folder', async () => {
    const folder = fresh();
    for (const day of ['2026-03-01', '2026-03-02', '2026-03-03']) await writeDay(folder.place.folder, day, rowSql(`${day} 12:00:00`));
    const found = await resolveLog(folder.place, DAY, folder);
    expect(found?.files).toEqual([path.join(folder.place.folder, 'date=2026-03-02', 'part.parquet')]);
    expect(found?.data).toMatchObject({ format: 'parquet', where: `coalesce("ry_role", 'live') IN ('live', 'canary')`, window: { column: 'ry_time', from: '2026-03-02T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' } });
    expect(found?.columns.probabilities).toEqual({ yes: 'ry_p_yes', no: 'ry_p_no' });
    expect(found?.names).not.toContain('date');
    const described = await inDuckdb(`DESCRIBE SELECT * FROM read_parquet('${found?.data.files[0] ?? ''}')`);
    expect(described.map((row) => row['column_name'])).toEqual(found?.names);
  });

  test('narrows to a version, roles, weekdays and hours', async () => {
    const folder = fresh();
    await writeDay(folder.place.folder, '2026-03-02', rowSql('2026-03-02 12:00:00'));
    const found = await resolveLog(folder.place, { ...DAY, version: 3, roles: ['shadow'], weekdays: [1], hours: [12, 13] }, folder);
    expect(found?.data.where).toBe(`coalesce("ry_role", 'live') IN ('shadow') AND "ry_version" = 3`);
    expect(found?.data.window).toMatchObject({ weekdays: [1], hours: [12, 13] });
  });

  test('holds rows of journals too, but not a line that was not finished, and not twice where a journal is settled', async () => {
    const folder = fresh();
    const { place } = folder;
    await writeDay(place.folder, '2026-03-02', rowSql('2026-03-02 12:00:00'));
    writeJournal(place.folder, { id: 'a', day: '2026-03-02' }, [journalRow('2026-03-02T13:00:00Z'), journalRow('2026-03-02T13:00:01Z', { age: null }), '{"ry_request":"torn","ry_ro']);
    writeJournal(place.folder, { id: 'b', day: '2026-03-02' }, [journalRow('2026-03-02T14:00:00Z')]);
    await writeDay(place.folder, '2026-03-02', rowSql('2026-03-02 14:00:00'), 'b-2026-03-02.parquet');
    const found = await facts(folder, place, DAY);
    expect(found).toMatchObject({ rows: 4, from: at('2026-03-02T12:00:00Z'), to: at('2026-03-02T14:00:00Z'), unreadable: [] });
    expect(found.versions).toEqual([{ version: 1, rows: 2, role: 'live' }, { version: 2, rows: 2, role: 'live' }]);
    const resolved = await resolveLog(place, DAY, folder);
    expect(await rowsIn(resolved?.data.files ?? [])).toBe(4);
  });

  test('puts files that differ in columns or types into one', async () => {
    const folder = fresh();
    await writeDay(folder.place.folder, '2026-03-02', rowSql('2026-03-02 12:00:00'), 'a.parquet');
    await writeDay(folder.place.folder, '2026-03-02', `${rowSql('2026-03-02 13:00:00')}, 'x' AS city`, 'b.parquet');
    const found = await resolveLog(folder.place, DAY, folder);
    expect(found?.data.files).toHaveLength(1);
    expect(found?.names).toContain('city');
    expect(await rowsIn(found?.data.files ?? [])).toBe(2);
  });

  test('leaves a half-written file out and names it, and one without a time', async () => {
    const folder = fresh();
    const { place } = folder;
    await writeDay(place.folder, '2026-03-02', rowSql('2026-03-02 12:00:00'));
    const half = await writeDay(place.folder, '2026-03-02', rowSql('2026-03-02 12:00:00'), 'half.parquet');
    truncateSync(half, Math.floor(statSync(half).size / 2));
    const empty = path.join(place.folder, 'date=2026-03-02', 'zero.parquet');
    writeFileSync(empty, '');
    const other = await writeDay(place.folder, '2026-03-02', 'SELECT 1 AS a', 'other.parquet');
    const found = await resolveLog(place, DAY, folder);
    expect(found?.files).toHaveLength(1);
    expect(found?.unreadable.map(({ file }) => file).sort()).toEqual([half, other, empty].sort());
    expect(found?.unreadable.find(({ file }) => file === other)?.why).toBe('it has no column ry_time');
    expect(await facts(folder, place, DAY)).toMatchObject({ rows: 1, files: 1, unreadable: found?.unreadable });
  });

  test('with only broken files is empty, and says why', async () => {
    const folder = fresh();
    mkdirSync(path.join(folder.place.folder, 'date=2026-03-02'), { recursive: true });
    writeFileSync(path.join(folder.place.folder, 'date=2026-03-02', 'x.parquet'), 'PAR1');
    expect(await resolveLog(folder.place, DAY, folder)).toBeNull();
    expect((await facts(folder, folder.place, DAY)).unreadable).toHaveLength(1);
  });

  test('counts rules, latency, versions by role, and rows from the future', async () => {
    const folder = fresh();
    const { place } = folder;
    const rows = Array.from({ length: 20 }, (_, i) => rowSql(`2026-03-02 10:00:${10 + i}`).replace("'' AS ry_rules", `'${i % 2 ? 'old, poor' : i % 3 ? 'old' : ''}' AS ry_rules`).replace('2.0 AS', `${i + 1}.0 AS`));
    await writeDay(place.folder, '2026-03-02', rows.join(' UNION ALL '));
    await writeDay(place.folder, '2026-03-02', rowSql('2026-03-02 10:00:00').replace("'live'", "'shadow'"), 'shadow.parquet');
    await writeDay(place.folder, '2090-01-01', rowSql('2090-01-01 00:00:00'));
    const found = await facts(folder, place, DAY);
    expect(found).toMatchObject({ rows: 20, future: 1, rules: [{ rule: 'old', rows: 16 }, { rule: 'poor', rows: 10 }], versions: [{ version: 1, rows: 20, role: 'live' }, { version: 1, rows: 1, role: 'shadow' }] });
    expect(found.latency).toBeCloseTo(19.05, 10);
  });
});

describe('labels that came later', () => {
  test('count where they name a row of the window', async () => {
    const folder = fresh();
    await writeDay(folder.place.folder, '2026-03-02', `${rowSql('2026-03-02 12:00:00')} UNION ALL ${rowSql('2026-03-02 12:00:00').replace('0 AS ry_row', '1 AS ry_row')}`);
    mkdirSync(folder.place.labels ?? '', { recursive: true });
    const review = { request: 'r', row: 1, judgement: 'wrong', answer: 'no', label: 'no', comment: '', source: null, by: { name: 'a', email: 'a@b' }, t: 1 };
    writeFileSync(path.join(folder.place.labels ?? '', 'reviews.jsonl'), `${JSON.stringify(review)}\n${JSON.stringify({ ...review, request: 'other' })}\n`);
    const labels = await openLabels(folder.place.labels, folder);
    expect(labels.labelsFor(['r', 'r'], [0, 1])).toEqual([null, 'no']);
    expect(await facts(folder, folder.place, DAY)).toMatchObject({ rows: 2, labelled: 1 });
  });
});

describe("a log that isn't ours", () => {
  const sourceOf = (folder: LogFolder, source: object): LogPlace => logPlaceOf(folder.workspace, { log: logSource.parse(source) });

  test.each([
    ['a text with a zone', `'2026-03-02T13:00:00+01:00'`], ['a moment', `TIMESTAMP '2026-03-02 12:00:00'`], ['a moment with a zone', `TIMESTAMPTZ '2026-03-02 12:00:00+00'`],
    ['seconds', '1772452800'], ['seconds with a fraction', '1772452800.0::DOUBLE'], ['milliseconds', '1772452800000'],
  ])('has its time as %s', async (_, time) => {
    const folder = fresh();
    const file = path.join(folder.workspace, 'log.parquet');
    await inDuckdb(`COPY (SELECT ${time} AS t, 4 AS v, 'yes' AS label) TO '${file}' (FORMAT parquet)`);
    const log = sourceOf(folder, { data: { files: ['log.parquet'] }, time: 't', version: 'v', label: 'label' });
    expect(await facts(folder, log, DAY)).toMatchObject({ rows: 1, from: at('2026-03-02T12:00:00Z'), versions: [{ version: 4, rows: 1, role: 'live' }], labelled: 1 });
    expect(await facts(folder, log, { from: DAY.to, to: null })).toMatchObject({ rows: 0, from: null });
  });

  test('may be CSV', async () => {
    const folder = fresh();
    writeFileSync(path.join(folder.workspace, 'log.csv'), 'when,age,label\n2026-03-02T12:00:00Z,3,yes\n2026-03-05T12:00:00Z,4,\n');
    const log = sourceOf(folder, { data: { files: ['log.csv'] }, time: 'when', label: 'label' });
    expect(await facts(folder, log, { from: null, to: null })).toMatchObject({ rows: 2, labelled: 1, files: 1 });
    expect((await resolveLog(log, DAY, folder))?.data).toMatchObject({ files: ['log.csv'], window: { column: 'when' } });
  });

  test('leaves a half-written file of a glob out', async () => {
    const folder = fresh();
    await inDuckdb(`COPY (SELECT TIMESTAMP '2026-03-02 12:00:00' AS t) TO '${path.join(folder.workspace, 'a.parquet')}' (FORMAT parquet)`);
    writeFileSync(path.join(folder.workspace, 'b.parquet'), 'PAR1half');
    const found = await resolveLog(sourceOf(folder, { data: { files: ['*.parquet'] }, time: 't' }), DAY, folder);
    expect(found?.data.files).toEqual([path.join(folder.workspace, 'a.parquet')]);
    expect(found?.unreadable.map(({ file }) => path.basename(file))).toEqual(['b.parquet']);
  });

  test('that is not there is no window', async () => {
    const folder = fresh();
    expect(await resolveLog(sourceOf(folder, { data: { files: ['*.parquet'] }, time: 't' }), DAY, folder)).toBeNull();
  });
});
