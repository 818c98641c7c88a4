import { expect, it } from 'vitest';
import { silentLog } from '../../../../src/core/base/log';
import { hearTrace } from '../../../../src/engine/mlflow/traces/hear';
import { store } from '../../core/store/support';

const trace = (place: string) => ({
  trace_id: 'tr-1', trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '123456789012345678' } }, request_time: '2026-01-01T00:00:00Z', execution_duration: '1.5s', state: 'OK',
  trace_metadata: { 'mlflow.sourceRun': 'a'.repeat(32) }, tags: { 'mlflow.traceName': 'fit', 'mlflow.artifactLocation': place },
});

it('a trace that ended while the engine was away is kept with its experiment by name and its file where it lies; heard again, it is one', () => {
  const kept = store();
  const context = { store: kept, clock: () => 5, log: silentLog };
  for (let i = 0; i < 2; i += 1) hearTrace(context, 'b'.repeat(32), { e: 'trace', t: 4, experiment: 'away', trace: trace('mlflow-artifacts:/99/traces/tr-1/artifacts') });
  const experiment = kept.experimentNamed('away');
  expect(kept.records.list('trace')).toMatchObject([{
    id: 'tr-1', scope: String(experiment?.id), doc: { state: 'OK', took: 1500, tags: { 'mlflow.traceName': 'fit', 'mlflow.artifactLocation': 'mlflow-artifacts:/99/traces/tr-1/artifacts' } },
  }]);
});

it('one that is none holds nothing up', () => {
  const kept = store();
  const said: string[] = [];
  hearTrace({ store: kept, clock: () => 5, log: { ...silentLog, warn: (text) => said.push(text) } }, 'b'.repeat(32), { e: 'trace', t: 4, trace: { trace_id: 5 } });
  expect([kept.records.list('trace'), said.length]).toEqual([[], 1]);
});
