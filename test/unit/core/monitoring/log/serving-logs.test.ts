import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadConfig } from '../../../../../src/core/config/load';
import { servingLogs } from '../../../../../src/core/monitoring/jobs/serving-logs';
import { logging } from '../../../../../src/core/monitoring/log/handlers';
import { journalRow, logFolder, MODEL, rowSql, writeDay, writeJournal, type LogFolder } from './support';

let folder: LogFolder | null = null;
afterEach(() => { if (folder) rmSync(folder.workspace, { recursive: true, force: true }); });

test('serving logs are told by model, with their days, files and versions; a journal that is open counts', async () => {
  const { workspace, temp, place } = (folder = logFolder());
  const ask = ((_: 'servingLogs', params: { models: string[] }) => servingLogs({ workspace, temp, python: null, ...params }, { signal: new AbortController().signal, progress: () => undefined })) as unknown as Parameters<typeof logging>[0]['ask'];
  const handlers = logging({ workspace, ask, loaded: () => loadConfig(workspace) });
  expect(await handlers['serving.logs']({})).toEqual({ logs: [], broken: [] });
  await writeDay(place.folder, '2026-03-01', `${rowSql('2026-03-01 12:00:00')} UNION ALL ${rowSql('2026-03-01 12:00:00').replace("'live'", "'shadow'")}`);
  await writeDay(place.folder, '2026-03-02', rowSql('2026-03-02 12:00:00'));
  writeJournal(place.folder, { id: 'a', day: '2026-03-02' }, [journalRow('2026-03-02T13:00:00Z')]);
  const { logs } = await handlers['serving.logs']({});
  expect(logs).toEqual([{
    model: MODEL, folder: place.folder, rows: 3, from: Date.parse('2026-03-01T12:00:00Z'), to: Date.parse('2026-03-02T13:00:00Z'), versions: [1, 2],
    days: [{ day: '2026-03-01', rows: 1, files: 1 }, { day: '2026-03-02', rows: 2, files: 2 }],
  }]);
  expect((await handlers['serving.logs']({ model: 'other@production' })).logs).toMatchObject([{ rows: 0, days: [] }]);
  writeFileSync(join(workspace, 'runyard.yaml'), `serving: { ${MODEL}: { sample: 2 }, other@production: { sample: half } }\n`);
  const said = async (model?: string) => (await handlers['serving.logs'](model === undefined ? {} : { model })).broken.map(({ section, name, line }) => [section, name, line]);
  expect(await said()).toEqual([['serving', MODEL, 1], ['serving', 'other@production', 1]]);
  expect(await said('other@production')).toEqual([['serving', 'other@production', 1]]);
});
