import { RunyardError } from '../../core/base/errors';
import type { EngineClient } from '../../engine/client/client';
import type { GroupStats, RunRow, Verdict } from '../../protocol/model';
import { EXIT, type Command, type Invocation } from '../command';
import { figure, signed, table } from '../format';

export const compare: Command = {
  name: 'compare',
  usage: 'RUN RUN... [--baseline RUN] [--metric KEY]',
  summary: 'compare runs or groups of runs, and say better, worse or cannot tell',
  more: 'Runs with the same params apart from the seed are one group. With --repeats every such run counts, named or not.\n'
    + 'Exit status: 1 where something is worse than the baseline, 3 where it cannot be told.',
  example: 'runyard compare wide narrow --baseline narrow --repeats',
  options: {
    baseline: { short: 'b', value: 'RUN', help: 'what the others are compared with (default: the first)' },
    metric: { short: 'm', value: 'KEY', help: 'the metric of the verdict (default: the main one)' },
    confidence: { value: 'SHARE', help: 'of the interval (default: 0.95)' },
    repeats: { help: 'with each run, all that have the same params apart from the seed' },
  },
  words: { least: 1, most: Infinity, what: 'at least two runs' },
  async run(call) {
    const client = await call.engine();
    const confidence = shareOf(call.text('confidence') ?? '0.95');
    const { rows, baseline } = await chosen(call, client);
    const metric = call.text('metric') ?? await mainMetric(client, rows);
    const { groups } = await client.request('compare.groups', { runs: rows.map(({ id }) => id), metric, confidence });
    const base = groups.find((group) => group.runs.includes(baseline)) ?? groups[0];
    const others = groups.filter((group) => group !== base);
    if (!base || others.length === 0) throw new RunyardError('bad_input', 'these runs are all of one group: they differ in the seed alone', 'name a run with other params, or compare their values with `runyard runs`');
    const verdicts: Verdict[] = [];
    for (const other of others) verdicts.push(await client.request('compare.verdict', { baseline: base.runs, candidate: other.runs, metric, confidence }));
    call.answer({ metric, baseline: base.runs, groups, verdicts, rows }, () => write(call, { metric, base, groups, verdicts, rows }));
    if (verdicts.some(({ word }) => word === 'worse')) return EXIT.no;
    return verdicts.some(({ word }) => word === 'cannot tell') ? EXIT.cannotTell : EXIT.done;
  },
};

function shareOf(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1)) throw new RunyardError('bad_input', `--confidence ${text} isn't between 0 and 1`, 'write --confidence 0.95');
  return share;
}

async function chosen(call: Invocation, client: EngineClient): Promise<{ rows: RunRow[]; baseline: string }> {
  const named = call.text('baseline');
  const refs = [...(named === undefined ? [] : [named]), ...call.positionals];
  if (refs.length < 2) throw new RunyardError('bad_input', 'compare needs at least two runs', 'write: runyard compare RUN RUN');
  const found: RunRow[] = [];
  for (const run of refs) {
    const row = await client.request('runs.get', { run });
    if (!found.some(({ id }) => id === row.id)) found.push(row);
  }
  const baseline = found[0]?.id ?? '';
  if (!call.flag('repeats')) return { rows: found, baseline };
  const experiments = [...new Set(found.map(({ experiment }) => experiment))];
  const wanted = new Set(found.map(({ group }) => group));
  const { rows } = await client.request('runs.search', { experiments, limit: 50_000, filter: "attributes.status = 'finished'" });
  return { rows: [...found, ...rows.filter((row) => wanted.has(row.group) && !found.some(({ id }) => id === row.id))], baseline };
}

async function mainMetric(client: EngineClient, rows: readonly RunRow[]): Promise<string> {
  const shared = Object.keys(rows[0]?.metrics ?? {}).filter((key) => rows.every((row) => row.metrics[key] !== undefined));
  const { experiments } = await client.request('experiments.list');
  const main = experiments.find(({ name }) => name === rows[0]?.experiment)?.mainMetric;
  const metric = main && shared.includes(main) ? main : shared[0];
  if (metric === undefined) throw new RunyardError('bad_input', 'these runs share no metric', 'name one with --metric');
  return metric;
}

interface Comparison { metric: string; base: GroupStats; groups: GroupStats[]; verdicts: Verdict[]; rows: RunRow[] }

function write(call: Invocation, { metric, base, groups, verdicts }: Comparison): void {
  const { out } = call.io;
  const columns = [{ title: 'group' }, { title: 'runs', right: true }, { title: metric, right: true }, { title: 'interval', right: true }, { title: 'difference', right: true }, { title: 'verdict' }];
  const rows = groups.map((group) => {
    const verdict = verdicts.find(({ candidate }) => candidate.runs[0] === group.runs[0]);
    const word = group === base ? 'baseline' : (verdict?.word ?? '');
    return [group.label, String(group.n), figure(group.mean), interval(group), signed(verdict?.difference ?? null), paintWord(call, word)];
  });
  out.write(table(columns, rows, out));
  for (const verdict of verdicts) {
    const span = verdict.low === null ? '' : ` by ${signed(verdict.difference)} (${signed(verdict.low)} to ${signed(verdict.high)}, p = ${figure(verdict.p, 2)})`;
    out.line();
    out.line(`${groups.find((group) => group.runs[0] === verdict.candidate.runs[0])?.label ?? ''}: ${paintWord(call, verdict.word)}${span}, ${verdict.goal === 'maximize' ? 'more' : 'less'} is better`);
    out.line(`  ${verdict.reason}`);
    out.line(out.paint('dim', `  ${verdict.method}`));
  }
}

const interval = ({ low, high }: GroupStats): string => (low === null ? '' : `${figure(low)} to ${figure(high)}`);

function paintWord({ io: { out } }: Invocation, word: string): string {
  if (word === 'better') return out.paint('green', '\u25b2 better');
  return word === 'worse' ? out.paint('red', '\u25bc worse') : word;
}
