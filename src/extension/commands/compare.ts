/** Runs beside each other: the compare panel, and text differences in the editor's own diff. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { CompareSource, DiffSubject } from '../../protocol/compare';
import type { RunRow } from '../../protocol/model';
import { pickRun, pickRuns } from '../base/pick';
import type { Host } from '../host';
import type { Handlers } from './parts';
import { givenRuns, manyRuns } from './targets';

export function compareCommands(host: Host): Handlers {
  const openCompare = async (source: CompareSource): Promise<void> => {
    const panels = await import('../panels/compare');
    panels.openCompare(host, source);
  };
  const diff = (what: DiffSubject) => async (args: readonly unknown[]): Promise<void> => {
    const pair = await twoRuns(host, args);
    if (!pair) return;
    const { openDiff } = await import('../diff');
    await openDiff(host, pair[0].id, pair[1].id, what);
  };
  return {
    'runyard.compare': async (args) => {
      const [first] = args;
      const experiment = experimentName(first);
      if (experiment !== undefined) return openCompare({ experiments: [experiment] });
      if (Array.isArray(first) && first.every((one) => typeof one === 'string')) return openCompare({ runs: first });
      const named = await givenRuns(host, args, { title: 'Compare Runs' });
      const runs = named.length > 1 ? named : await moreRuns(host, named[0]);
      if (runs.length > 0) await openCompare({ runs: runs.map((row) => row.id) });
    },
    'runyard.compareWithBaseline': async (args) => {
      const rows = await manyRuns(host, args, { title: 'Compare with Baseline' });
      const first = rows[0];
      if (!first) return;
      const baseline = await baselineOf(host, first);
      await openCompare({ runs: [baseline.id, ...rows.map((row) => row.id).filter((id) => id !== baseline.id)] });
    },
    'runyard.diffParams': diff('params'),
    'runyard.diffEnvironment': diff('environment'),
    'runyard.diffDatasets': diff('datasets'),
    'runyard.diffCode': diff('code'),
    'runyard.diffCommand': diff('command'),
  };
}

function experimentName(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || !('kind' in node) || node.kind !== 'experiment' || !('row' in node)) return undefined;
  return typeof node.row === 'object' && node.row !== null && 'name' in node.row ? String(node.row.name) : undefined;
}

/** Several, where one or none was pointed at: the one is ticked already. */
async function moreRuns(host: Host, first: RunRow | undefined): Promise<RunRow[]> {
  return pickRuns(host, { title: 'Compare Runs', ticked: first ? [first.id] : [] });
}

/** The pinned run of the experiment. @throws RunyardError not_found with the way to pin one */
async function baselineOf(host: Host, row: RunRow): Promise<RunRow> {
  const { rows } = await host.engine.request('runs.search', {
    experiments: [row.experiment], filter: 'attributes.pinned = 1', orderBy: ['attributes.start_time DESC'], limit: 2,
  });
  const found = rows.find((one) => one.id !== row.id) ?? rows[0];
  if (!found) throw new RunyardError('not_found', `${row.experiment} has no baseline`, 'pin a run with "Runyard: Pin as Baseline" first');
  return found;
}

/** Older one left, newer one right. */
async function twoRuns(host: Host, args: readonly unknown[]): Promise<[RunRow, RunRow] | undefined> {
  const named = await givenRuns(host, args, { title: 'Differences' });
  if (named.length > 2) void vscode.window.showInformationMessage('Runyard: of the selected runs, the first two are compared.');
  const first = named[0] ?? (await pickRun(host, { title: 'Differences: the First Run' }));
  if (!first) return undefined;
  const second = named[1] ?? (await pickRun(host, { title: `Differences of ${first.name} to…`, without: [first.id] }));
  if (!second) return undefined;
  return first.created <= second.created ? [first, second] : [second, first];
}
