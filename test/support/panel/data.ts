/** Made-up runs for looking at a panel without an engine: any number of them, with everything that is awkward to show. */
import type { Curve, CurvePoint, MetricSummary, RunDetail, RunRow, RunState } from '../../../src/protocol/model';
import type { WireNumber } from '../../../src/protocol/spool';
import { random } from '../random';

/** The newest run began twenty minutes ago. */
const START = Math.floor(Date.now() / 1000) - 1200;
const RATES = ['0.0001', '0.001', '0.01', '0.1'];
const OPTIMIZERS = ['adam', 'sgd', 'adamw with decoupled weight decay'];
export const STEPS = 2000;

const summary = (value: WireNumber, step = STEPS - 1): MetricSummary => ({ value, step, t: START + step, min: value, max: value, count: step + 1 });

/** Runs in groups of five seeds; every 17th fails, every 23rd ends in NaN, the first one is live. */
export function makeRuns(count: number): RunRow[] {
  return Array.from({ length: count }, (_, at): RunRow => {
    const chance = random(at + 1);
    const group = Math.floor(at / 5);
    const lr = RATES[group % RATES.length] ?? '0.1';
    const optimizer = OPTIMIZERS[Math.floor(group / RATES.length) % OPTIMIZERS.length] ?? 'adam';
    const quality = 0.8 + 0.04 * Math.log10(Number(lr) * 1e5) * (optimizer === 'sgd' ? 0.4 : 0.5) + (chance() - 0.5) * 0.02;
    const state: RunState = at === 0 ? 'running' : at % 17 === 16 ? 'failed' : 'finished';
    const broken = at % 23 === 22;
    const started = START - at * 600;
    return {
      id: (at + 1).toString(16).padStart(32, '0'), experiment: at % 2 ? 'car-loan' : 'car-loan',
      name: at === 3 ? 'a-very-long-name-that-somebody-generated-from-all-of-the-params-lr-0.0001-optimizer-adamw' : `${['amber', 'brisk', 'calm', 'dusty'][at % 4] ?? ''}-${['fox', 'heron', 'otter', 'wren', 'lynx'][at % 5] ?? ''}-${at + 1}`,
      state, reason: state === 'failed' ? 'exit code 1' : '', created: started, started, ended: state === 'running' ? null : started + 75 + chance() * 4000,
      source: 'cli', script: 'train.py', parent: null, pinned: false, trashed: false, notes: '', params: { lr, optimizer, epochs: '20', depth: String(2 + (group % 3)), seed: String(at % 5), 'data.path': 'data/train.csv' },
      metrics: {
        'val_auc': summary(quality), 'loss': summary(broken ? 'NaN' : 1.2 - quality + chance() * 0.01), 'val/accuracy': summary(quality - 0.03 + chance() * 0.01),
        'grad_norm': summary(Math.exp(chance() * 6 - 2)), 'epoch': summary(20, 20),
      },
      tags: { owner: at % 2 ? 'ana' : 'li' }, commit: group % 2 ? 'c0ffee1234567890' : 'badcafe987654321', branch: 'main', dirty: false, group: `g${group}`,
    };
  });
}

/** A curve of a run; 'loss' of a broken run has NaN from a third on, and one infinity. */
export function makeCurve(row: RunRow, key: string, window: { from: number; to: number; px: number }): Curve {
  const chance = random(Number.parseInt(row.id.slice(-6), 16) * 31 + key.length);
  const end = Number(row.metrics[key]?.value ?? 0);
  const broken = row.metrics[key]?.value === 'NaN';
  const started = row.started ?? START;
  const points: CurvePoint[] = [];
  const last = row.state === 'running' ? STEPS / 2 : STEPS;
  const level = broken ? 0.4 : end;
  for (let step = 0; step < last; step += 1) {
    const noise = (chance() - 0.5) * 0.08 * Math.exp(-step / 900);
    const towards = key === 'loss' ? level + 2.5 * Math.exp(-step / 180) : key === 'grad_norm' ? level * (1 + 4 * Math.exp(-step / 100)) : level * (1 - 0.5 * Math.exp(-step / 250));
    const value: WireNumber = broken && step > last / 3 && step < last / 2 ? 'NaN' : broken && step === 300 ? 'Infinity' : Math.max(1e-4, towards + noise * (key === 'grad_norm' ? level * 4 : 1));
    points.push({ step, t: started + step * 1.5, value, n: 1 });
  }
  const inside = points.filter((point) => point.step >= window.from && point.step <= window.to);
  const every = Math.max(1, Math.ceil(inside.length / (window.px * 2)));
  return { run: row.id, key, points: inside.filter((_, at) => at % every === 0), total: inside.length, exact: every === 1 };
}

export function makeDetail(row: RunRow): RunDetail {
  const odd = Number.parseInt(row.id.slice(-1), 16) % 2 === 1;
  return {
    ...row, argv: ['python', 'train.py', '--lr', row.params['lr'] ?? ''], cwd: '.', exitCode: 0, signal: null, interpreter: '.venv/bin/python', remote: null, patch: null,
    environment: { os: 'Linux 6.8', python: odd ? '3.12.4' : '3.11.9', cpu: 'a processor', cpus: 8, memMb: 32_000, packages: { numpy: '2.1.0', 'scikit-learn': odd ? '1.6.1' : '1.5.2', pandas: '2.2.3' } },
    datasets: [{ name: 'train.csv', role: 'train', digest: odd ? 'aa11bb22cc33dd44' : 'ee55ff66aa77bb88', path: 'data/train.csv', rows: odd ? 54_000 : 53_998, schema: null, mlflow: null }],
    artifacts: [], problems: [], models: [], children: [], folder: '/ws/.runyard/runs/x',
  };
}
