import { expect, test } from 'vitest';
import { backtestPicture } from '../../../../src/extension/monitoring/backtest-picture';
import { policyRow } from '../../../support/monitoring-rows';

const drawn = (policies: Parameters<typeof backtestPicture>[0]['policies'], goal: 'maximize' | 'minimize' = 'maximize'): string => backtestPicture({ policies, metric: 'roc_auc', goal });
const dots = (svg: string): { x: number; y: number }[] => [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
const names = (svg: string): { name: string; x: number; y: number; end: boolean }[] =>
  [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" text-anchor="(start|end|middle)"[^>]*>([^<]*)</g)].map(([, x, y, anchor, name = '']) => ({ name, x: Number(x), y: Number(y), end: anchor === 'end' }));

test('what costs more stands further right, what brings more higher up', () => {
  const svg = drawn([policyRow({ policy: 'never', retrainings: 0, quality: 0.7, interval: [0.68, 0.72] }), policyRow({ policy: 'weekly', retrainings: 8, quality: 0.8, interval: null })]);
  const [never = { x: 0, y: 0 }, weekly = { x: 0, y: 0 }] = dots(svg);
  expect(weekly.x).toBeGreaterThan(never.x);
  expect(weekly.y).toBeLessThan(never.y);
  expect(svg).toContain('roc_auc, higher is better');
  expect(drawn([policyRow()], 'minimize')).toContain('lower is better');
});

test('names never stand over each other, nor beyond the picture', () => {
  const svg = drawn(Array.from({ length: 6 }, (_, at) => policyRow({ policy: `on drift of <every> column, number ${at} & its many friends`, retrainings: at < 3 ? 0 : 5, quality: 0.8 })));
  const shown = names(svg).filter(({ name }) => name.startsWith('on drift'));
  expect(shown).toHaveLength(6);
  expect(svg).toContain('&lt;every&gt;');
  for (const side of [true, false]) {
    const lines = shown.filter(({ end }) => end === side).map(({ y }) => y).sort((a, b) => a - b);
    for (const [at, y] of lines.entries()) if (at > 0) expect(y - (lines[at - 1] ?? 0)).toBeGreaterThanOrEqual(14);
  }
});

test('policies without a figure are not drawn; of none there is no picture', () => {
  expect(dots(drawn([policyRow({ quality: null }), policyRow()]))).toHaveLength(1);
  expect(drawn([policyRow({ quality: null })])).toBe('');
  expect(dots(drawn([policyRow({ retrainings: 0, quality: 0, interval: null })])).every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
});
