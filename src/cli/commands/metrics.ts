import type { WireNumber } from '../../protocol/spool';
import { EXIT, type Command, type Invocation } from '../command';
import { figure, table } from '../format';

export const metrics: Command = {
  name: 'metrics',
  usage: 'RUN [--key K] [--points N]',
  summary: "print a run's metrics, or one metric's points",
  more: 'With --points a long curve is thinned to about N points; its extremes stay.',
  example: 'runyard metrics @last --key val_auc',
  options: {
    key: { short: 'k', value: 'KEY', help: 'the points of this metric' },
    points: { value: 'N', help: 'about so many points at most (default: all)' },
  },
  words: { least: 1, most: 1, what: 'a run' },
  async run(call) {
    const key = call.text('key');
    return key === undefined ? writeSummaries(call) : writePoints(call, key);
  },
};

async function writeSummaries(call: Invocation): Promise<number> {
  const client = await call.engine();
  const run = await client.request('runs.get', { run: call.positionals[0] ?? '' });
  call.answer({ run: run.id, metrics: run.metrics }, () => {
    const rows = Object.entries(run.metrics).map(([key, { value, step, min, max, count }]) => [key, figure(value), String(step), figure(min), figure(max), String(count)]);
    if (rows.length === 0) return call.io.err.line('No metrics.');
    call.io.out.write(table([{ title: 'metric' }, ...['last', 'step', 'min', 'max', 'points'].map((title) => ({ title, right: true }))], rows, call.io.out));
  });
  return EXIT.done;
}

const PAGE = 10_000;

async function writePoints(call: Invocation, key: string): Promise<number> {
  const client = await call.engine();
  const { id } = await client.request('runs.get', { run: call.positionals[0] ?? '' });
  const thinned = call.text('points') !== undefined;
  const points: { step: number; t: number; value: WireNumber }[] = [];
  let total = 0;
  if (thinned) {
    // A pixel holds about four points: first, least, most and last.
    const px = Math.min(20_000, Math.max(10, Math.ceil(call.whole('points', { least: 1, otherwise: 1000 }) / 4)));
    const { curves } = await client.request('runs.curves', { runs: [id], key, px });
    points.push(...(curves[0]?.points ?? []).map(({ step, t, value }) => ({ step, t, value })));
    total = curves[0]?.total ?? 0;
  } else {
    do {
      const page = await client.request('runs.points', { run: id, key, limit: PAGE, offset: points.length });
      points.push(...page.points);
      total = page.points.length === 0 ? points.length : page.total;
    } while (points.length < total);
  }
  call.answer({ run: id, key, total, points }, () => {
    if (points.length === 0) return call.io.err.line(`No points of ${key}.`);
    const rows = points.map(({ step, t, value }) => [String(step), new Date(t * 1000).toISOString(), figure(value, 17)]);
    call.io.out.write(table([{ title: 'step', right: true }, { title: 'time' }, { title: key, right: true }], rows, call.io.out));
  });
  return EXIT.done;
}
