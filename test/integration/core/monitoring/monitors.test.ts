/** Monitors through a real engine: a serving log in Parquet, a live model, its process killed. One workspace for all of it: starting is most of the time. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineClient } from '../../../../src/engine/client/client';
import type { EngineEvents } from '../../../../src/protocol/engine';
import { linearModel } from '../../../support/onnx-linear';
import { until } from '../../../support/until';
import { start } from '../../cli/support';
import { bundles, lab, type Lab } from '../../engine/support';
import { DAYS, prepare } from './monitors-support';

const WAITS = JSON.stringify([process.execPath, '-e', "const fs = require('fs'); fs.writeFileSync('waits', ''); const wait = () => fs.existsSync('go') ? console.log('went on') : setTimeout(wait, 20); wait()"]);
const YAML = (more = ''): string => `registry: { environments: { production: { autoRollback: { onAlert: true } } }, edges: [{ to: production, gates: [] }] }
slices: { small: '"mean radius" < 12' }
monitors:
  daily:
    model: cancer@production
    reference: { data: data/reference.csv, label: benign }
    slices: [small]
    checks:
      - drift
      - predictions
      - schema
      - { estimated: roc_auc, min: 0.5 }
      - { rules: 0.05, name: odd rows }
      - { latency: 10 }
    close: 1
  guard: { model: cancer@production, severity: critical, checks: [{ rows: 1000 }], hooks: [{ command: [node, -e, "require('fs').writeFileSync('told.json', process.env.RUNYARD_ALERT)"] }] }
  light: { model: cancer@production, checks: [rows] }
  lost:
    log: { data: data/nowhere.csv, time: at }
    checks: [rows]
${more}`;
const at = (day: string): number => Date.parse(`${day}T12:00:00Z`);
let here: Lab;
let client: EngineClient;
let cli: string;
const told: EngineEvents['alert'][] = [];
beforeAll(async () => {
  const built = await bundles();
  cli = built.cli;
  here = lab(built.engine);
  await prepare(here.workspace);
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), YAML());
  client = await here.connect();
  client.on('alert', (event) => { told.push(event); });
  await client.request('registry.register', { model: 'cancer', file: 'data/model.onnx' });
  await client.request('registry.promote', { model: 'cancer', version: 1, to: 'production', job: 'first' });
});
afterAll(() => here.dispose());
const run = (day: string, monitors = ['daily']) => client.request('monitors.run', { job: `run ${day} ${monitors.join()}`, monitors, at: at(day) });

test('a day like the reference is quiet; a drifted one fails by the columns that drifted, and opens an alert for each, once', async () => {
  const quiet = await run(DAYS[0]);
  expect(quiet.results[0]?.checks.filter(({ outcome, key }) => outcome === 'fail' && key !== 'odd rows').map(({ key, reason }) => `${key}: ${reason}`)).toEqual([]);
  expect(quiet.results[0]?.window).toEqual({ from: Date.parse(DAYS[0]), to: Date.parse(DAYS[1]), rows: 400 });
  const { results: [day], opened, outcome } = await run(DAYS[1]);
  expect([outcome, day?.versions]).toEqual(['fail', [1]]);
  const failed = day?.checks.filter(({ outcome: one }) => one === 'fail').map(({ key }) => key) ?? [];
  expect(failed).toEqual(expect.arrayContaining(['drift:clinic']));
  expect(day?.columns['clinic']).toMatchObject({ outcome: 'fail', role: 'input', type: 'categorical' });
  expect(opened.map(({ key }) => key).sort()).toEqual(failed.filter((key) => key !== 'odd rows').sort());
  await until('each alert to be told', () => told.length === opened.length + quiet.opened.length);
});

test('the result is kept with what drifted, the estimated figures, the rules that were met and the versions that answered', async () => {
  const { results } = await client.request('monitors.results', { monitor: 'daily' });
  expect(results.map(({ window }) => window.rows)).toEqual([400, 400]);
  const result = await client.request('monitors.result', { result: results[0]?.id ?? '' });
  expect(result).toMatchObject({ monitor: 'daily', model: 'cancer@production', latency: 2.5, rules: [{ rule: 'odd', rows: 40 }], versions: [{ version: 1, rows: 400, role: 'live' }], reference: { text: 'data/reference.csv', rows: 300 } });
  expect(result.drift?.columns['mean radius']?.importance).toEqual(expect.any(Number));
  expect(result.performance?.windows[0]?.figures['roc_auc']?.estimated).toBeGreaterThan(0.9);
  expect(result.checks.find(({ key }) => key === 'odd rows')).toMatchObject({ outcome: 'fail', value: 0.1, threshold: 0.05, reason: 'the rule odd met 10 % of the rows, more than 5 %' });
  const { points } = await client.request('monitors.history', { monitor: 'daily', column: 'clinic' });
  expect(points.map(({ drift }) => drift?.outcome)).toEqual(['pass', 'fail']);
  expect((await client.request('monitors.column', { result: result.id, column: 'clinic' })).categories?.length).toBeGreaterThan(1);
  expect((await client.request('monitors.examples', { result: result.id, limit: 3 })).rows.length).toBeGreaterThan(0);
});

test('an alert tells its line, its windows and its slices; a monitor whose files are not there stops no other', async () => {
  const { alerts } = await client.request('alerts.list');
  const row = alerts.find(({ key }) => key === 'drift:clinic');
  const detail = await client.request('alerts.get', { alert: row?.id ?? '' });
  expect([detail.line, detail.results.length, row?.version]).toEqual([9, 1, 1]);
  const { failed, results } = await run(DAYS[1], ['lost', 'light']);
  expect([failed, results.map(({ monitor, outcome, window }) => [monitor, outcome, window.rows])]).toEqual([[{ monitor: 'lost', message: 'there is no file data/nowhere.csv', hint: expect.stringContaining('log:') as string }], [['lost', 'fail', 0], ['light', 'pass', 400]]]);
  expect((await client.request('monitors.list')).monitors.find(({ name }) => name === 'lost')?.problem).toContain('nowhere.csv');
});

test('the command line runs them and lists what is open; the same window opens no alert again', async () => {
  const words = ['monitor', 'run', 'daily', '--at', DAYS[1], '--json'];
  const [ran, listed, wrong] = await Promise.all([start(cli, here.workspace, words).done, start(cli, here.workspace, ['alerts']).done, start(cli, here.workspace, ['monitor', 'run', 'dayly']).done]);
  expect([ran.status, ran.err]).toEqual([1, '']);
  expect(JSON.parse(ran.out)).toMatchObject({ outcome: 'fail', results: [{ monitor: 'daily', outcome: 'fail' }], opened: [] });
  expect((await client.request('monitors.results', { monitor: 'daily' })).results).toHaveLength(2);
  expect([listed.status, listed.out]).toEqual([0, expect.stringMatching(/^alert .*\n(.*\n)*[0-9a-f]{8} +warning +open +daily .*clinic: /) as string]);
  expect([wrong.status, wrong.err]).toEqual([2, "runyard: there is no monitor 'dayly': did you mean 'daily'?\n"]);
});

test('an alert of severity critical takes the environment back where runyard.yaml says so, and hooks hear of it', async () => {
  writeFileSync(path.join(here.workspace, 'data', 'other.onnx'), linearModel([2, -1]));
  await client.request('registry.register', { model: 'cancer', file: 'data/other.onnx' });
  await client.request('registry.promote', { model: 'cancer', version: 2, to: 'production', job: 'second' });
  const { opened: [row] } = await run(DAYS[1], ['guard']);
  const events = await until('the way back and the hook', async () => {
    const found = (await client.request('alerts.get', { alert: row?.id ?? '' })).events;
    return found.length === 3 && found;
  }, 20_000);
  expect(events.map(({ what, text }) => `${what}: ${text}`).sort()).toEqual([expect.stringMatching(/^hook: node -e .*: done$/) as string, 'opened: rows: 400 rows, fewer than 1000', 'rolledBack: production went back from version 2 to 1']);
  expect(JSON.parse(readFileSync(path.join(here.workspace, 'told.json'), 'utf8'))).toMatchObject({ format: 1, event: 'opened', alert: { id: row?.id, severity: 'critical', model: 'cancer@production' } });
  expect((await client.request('registry.model', { model: 'cancer' })).model.live).toMatchObject([{ environment: 'production', version: 1 }]);
});

test('killed in the middle of a monitor, the engine keeps nothing half done, and the schedule catches up once', async () => {
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), YAML(`  hourly: { model: cancer@production, schedule: 1h, checks: [{ rows: 0 }, { command: ${WAITS} }] }\n`));
  const folder = path.join(here.workspace, '.runyard', 'monitoring', 'hourly');
  const json = (): string[] => (existsSync(folder) ? readdirSync(folder).filter((file) => /^[0-9a-f]{32}\.json$/.test(file)) : []);
  await until('the monitor to be under way', () => existsSync(path.join(here.workspace, 'waits')), 15_000);
  const before = here.enginePid();
  process.kill(before, 'SIGKILL');
  await until('another engine', () => client.state === 'connected' && client.hello.pid !== before);
  expect([json(), (await client.request('monitors.results', { monitor: 'hourly' })).results]).toEqual([[], []]);
  writeFileSync(path.join(here.workspace, 'go'), '');
  const found = await until('the schedule to catch up', async () => {
    const row = (await client.request('monitors.list')).monitors.find(({ name }) => name === 'hourly');
    return row?.last && !row.running ? row : null;
  }, 20_000);
  expect(found.last?.checks.map(({ key, outcome, reason }) => [key.slice(0, 7), outcome, reason])).toEqual([['rows', 'pass', ''], ['command', 'pass', 'went on']]);
  expect([found.next !== null && found.next > Date.now(), readdirSync(folder)]).toEqual([true, [`${found.last?.id ?? ''}.json`]]);
  expect((await client.request('alerts.list')).alerts.filter(({ monitor }) => monitor === 'hourly')).toEqual([]);
}, 60_000);
