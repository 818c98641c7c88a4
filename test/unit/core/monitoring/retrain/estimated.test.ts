// A log without labels whose rows become harder: the estimate truly drops, the monitor keeps it, and the trigger 'estimated' begins a retraining, once.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLog } from '../../../../../src/core/base/log';
import { parseConfig } from '../../../../../src/core/config/load';
import type { JobName } from '../../../../../src/core/evaluation/process/jobs';
import { createJobTable } from '../../../../../src/core/evaluation/service/jobs';
import { monitoringJobs } from '../../../../../src/core/monitoring/jobs/table';
import { watching } from '../../../../../src/core/monitoring/monitors/monitoring';
import { gatherEvidence, sinceOf } from '../../../../../src/core/monitoring/retrain/evidence';
import { openJournal, pastOf } from '../../../../../src/core/monitoring/retrain/journal';
import { decide, type Decision } from '../../../../../src/core/monitoring/retrain/policy';
import type { MonitoringContext } from '../../../../../src/core/monitoring/types';
import { openStore } from '../../../../../src/core/store/open';
import { monitoringMethods } from '../../../../../src/protocol/monitoring';
import { bench, sql } from '../../evaluation/data/support';

const { dir, temp } = bench();
const DAY = 86_400_000;
const monday = Date.parse('2026-11-02T00:00:00Z');
const yaml = `version: 1
experiments: {fit: {command: [node, fit.mjs]}}
monitors:
  daily: {log: {data: log.parquet, time: at, id: key, prediction: said, probabilities: p}, reference: {data: before.parquet, label: truth}, window: 1d, checks: [{check: estimated, metric: accuracy}]}
retraining:
  loan: {model: loan@production, experiment: fit, triggers: [{on: estimated, monitor: daily, metric: accuracy, drop: 0.05}]}
`;
const end: (() => void)[] = [];
afterAll(() => end.forEach((one) => one()));

it('of a log begins a retraining where the drop is real, not where a day is as the reference, and not twice', async () => {
  mkdirSync(temp, { recursive: true });
  // On Tuesday four of five rows are ones that the model is never sure of; of the reference it is one.
  const rows = (day: number, hard: number): string => `SELECT make_timestamp(${(monday + day * DAY) * 1000} + range * 100000000) AS "at", '${day}-' || range AS key, p, CASE WHEN p >= 0.5 THEN 1 ELSE 0 END AS said, luck < p AS right
    FROM (SELECT range, (hash(range, ${day}, 3) % 1000) / 1000.0 AS luck, CASE WHEN hash(range, ${day}, 1) % 5 < ${hard} THEN 0.4 + (hash(range, ${day}) % 200) / 1000.0 ELSE (hash(range, ${day}) % 100) / 1000.0 + CASE WHEN hash(range, ${day}, 2) % 2 = 0 THEN 0 ELSE 0.9 END END AS p FROM range(800))`;
  await sql(`COPY (SELECT * EXCLUDE ("at", key, "right"), CASE WHEN "right" THEN 1 ELSE 0 END AS truth FROM (${rows(9, 1)})) TO '${dir}/before.parquet'`,
    `COPY (SELECT * EXCLUDE ("right") FROM (${rows(0, 1)} UNION ALL ${rows(1, 4)})) TO '${dir}/log.parquet'`);
  const loaded = { file: 'runyard.yaml', ...parseConfig(yaml, 'runyard.yaml') };
  let now = monday + DAY + 1;
  const store = openStore({ dir: path.join(dir, '.runyard'), log: silentLog, clock: () => now / 1000 });
  const jobs = createJobTable(() => undefined);
  const work = (name: JobName, params: object, { watching: { signal } }: { watching: { signal: AbortSignal } }): Promise<unknown> =>
    (monitoringJobs[name as 'performance'] as (params: object, watch: object) => Promise<unknown>)({ ...params, workspace: dir, temp, python: null }, { signal, progress: () => undefined });
  const context: MonitoringContext = {
    workspace: dir, store, log: silentLog, clock: () => now / 1000, jobs, loaded: () => loaded, work: work as MonitoringContext['work'], ask: (() => Promise.reject(new Error('nobody asks here'))) as unknown as MonitoringContext['ask'],
    identity: () => Promise.resolve({ name: 'Ana', email: '' }), findModel: (spec) => spec, changed: () => undefined, alerted: () => undefined, registry: { at: () => null, moves: () => [], alert: () => Promise.resolve(null) },
  };
  const watch = watching(context, { every: 1e9, after: 0 });
  end.push(() => watch.dispose(), () => jobs.dispose(), () => store.dispose());
  const config = loaded.config.monitoring.retraining['loan'];
  if (!config) throw new Error('no retraining');
  const journal = openJournal(store.records);
  const look = async (): Promise<Decision> => {
    await watch.handlers['monitors.run'](monitoringMethods['monitors.run'].parse({ job: `at ${now}`, monitors: ['daily'] }));
    now++;
    return decide(config, journal.list('loan').map(pastOf), gatherEvidence(context, journal, config, { now, labels: null }));
  };
  sinceOf(context, journal, 'loan', now - 1);
  expect((await look()).what).toBe('nothing');
  now = monday + 2 * DAY + 1;
  const found = await look();
  expect(found).toMatchObject({ what: 'begin', fired: { trigger: 'estimated accuracy of daily down by 0.05', reason: expect.stringMatching(/^estimated accuracy 0\.[56]\d* against 0\.8\d* in the reference$/) as string } });
  journal.put({
    format: 1, step: 'done', by: { name: 'Ana', email: '' }, force: false, alert: null, hold: null, minutes: 1, labels: null, data: null, live: null,
    row: { id: 'first', name: 'loan', trigger: 'x', reason: '', t: now, ended: now + 1, state: 'registered', run: null, version: null, fresh: null, old: null, text: '', window: { from: null, to: null } },
  });
  now += 30 * DAY;
  expect(decide(config, journal.list('loan').map(pastOf), gatherEvidence(context, journal, config, { now, labels: null })).what).toBe('nothing');
});
