/** "Runyard Evaluations" in the Test Explorer: evaluations, their slices and pinned examples, run from there, with what came of them wherever they were evaluated. */
import path from 'node:path';
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import type { EvaluationDoc, EvaluationTest } from '../../protocol/evaluation/result';
import { formatAgo } from '../base/format';
import { evaluate, madeHere, questionOf, type Asked } from '../evaluation/run';
import { progressWords, valueWords } from '../evaluation/words';
import type { Host } from '../host';
import { failureMessages } from './messages';
import { leavesOf, newestOf, testTree, type TestNode } from './model';

export interface Testing extends vscode.Disposable {
  /** Draws these tests, and tells how those came out that were evaluated since. */
  show(tests: readonly EvaluationTest[]): Promise<void>;
}

export function createTesting(host: Host): Testing {
  const controller = vscode.tests.createTestController('runyard.evaluations', 'Runyard Evaluations');
  const items = new Map<string, vscode.TestItem>();
  /** by the evaluation's name: whose outcome the tree shows */
  const told = new Map<string, string>();
  const running = new Set<string>();
  let roots: TestNode[] = [];
  let loaded = false;

  const draw = (collection: vscode.TestItemCollection, nodes: readonly TestNode[]): void => {
    collection.replace(nodes.map((node, index) => {
      const uri = uriOf(host, node.file);
      const known = collection.get(node.id);
      const item = known && known.uri?.toString() === uri?.toString() ? known : controller.createTestItem(node.id, node.label, uri);
      item.label = node.label;
      item.description = node.description;
      item.range = node.line === null ? undefined : new vscode.Range(node.line - 1, 0, node.line - 1, 0);
      item.sortText = String(index).padStart(6, '0');
      items.set(node.id, item);
      draw(item.children, node.children);
      return item;
    }));
  };

  const report = (run: vscode.TestRun, node: TestNode, doc: EvaluationDoc | undefined): void => {
    const item = items.get(node.id);
    const { test } = node;
    if (!item || !test || test.outcome === null) return;
    const place = item.uri && item.range ? new vscode.Location(item.uri, item.range) : undefined;
    const taken = test.duration === null ? undefined : test.duration * 1000;
    if (test.outcome === 'pass') return run.passed(item, taken);
    if (test.outcome === 'cannot tell') {
      // Without a place: beside the line it would stand twice, with the mark of the problem.
      run.appendOutput(`${node.label}: cannot tell: ${test.message}\r\n`, undefined, item);
      return run.skipped(item);
    }
    run.failed(item, failureMessages(test, doc).map(({ text, expected, actual }) => {
      const message = expected === undefined || actual === undefined ? new vscode.TestMessage(text) : vscode.TestMessage.diff(text, expected, actual);
      if (place) message.location = place;
      return message;
    }), taken);
  };

  const docOf = (evaluation: string): Promise<EvaluationDoc | undefined> => host.engine.request('evaluations.get', { evaluation }).catch((error: unknown) => {
    host.log.debug(`no evaluation ${evaluation}: ${describeError(error)}`);
    return undefined;
  });

  /** What was evaluated in another window, a terminal or CI, or before this window was opened. */
  const tellOthers = async (): Promise<void> => {
    for (const root of roots) {
      const leaves = leavesOf(root);
      const newest = newestOf(leaves.flatMap(({ test }) => test ?? []));
      // The same evaluation made afresh has the id that it had.
      const moment = newest && momentOf(newest.evaluation, newest.created);
      if (!newest || moment === undefined || running.has(root.label) || told.get(root.label) === moment) continue;
      told.set(root.label, moment);
      const doc = leaves.some(({ test }) => test?.outcome === 'fail') ? await docOf(newest.evaluation) : undefined;
      const name = `${root.label}: ${loaded && !madeHere.has(newest.evaluation) ? 'evaluated elsewhere' : 'evaluated'} ${formatAgo(newest.created / 1000, Date.now() / 1000)}`;
      const own = items.get(root.id);
      // The person didn't ask for it: nothing opens, nothing takes the focus.
      const run = controller.createTestRun(new vscode.TestRunRequest(own ? [own] : undefined, undefined, undefined, false, true), name, false);
      for (const leaf of leaves) report(run, leaf, doc);
      run.end();
    }
    loaded = true;
  };

  const runOne = async (run: vscode.TestRun, root: TestNode, { fresh, token }: { fresh: boolean; token: vscode.CancellationToken }): Promise<void> => {
    const own = leavesOf(root).flatMap((leaf) => items.get(leaf.id) ?? []);
    const all = own.length > 0 ? own : [items.get(root.id)].filter((item) => item !== undefined);
    let phase = '';
    for (const item of all) run.started(item);
    try {
      const { evaluation, cached } = await evaluate(host, await askFor(host, root, fresh), {
        token,
        tell(progress) {
          if (progress.phase !== phase) run.appendOutput(`${root.label}: ${progressWords(progress)}\r\n`);
          phase = progress.phase;
        },
      });
      told.set(root.label, momentOf(evaluation.id, evaluation.created));
      run.appendOutput(`${outputOf(evaluation, cached).join('\r\n')}\r\n`);
      const { tests } = await host.engine.request('evaluations.tests', {});
      show(tests);
      const after = roots.find((one) => one.id === root.id);
      for (const leaf of after ? leavesOf(after) : []) report(run, leaf, evaluation);
    } catch (error) {
      const cancelled = error instanceof RunyardError && error.code === 'cancelled';
      if (!cancelled) host.log.error(`${root.label} could not be evaluated: ${describeError(error)}`);
      for (const item of all) {
        if (cancelled) run.skipped(item);
        else run.errored(item, new vscode.TestMessage(describeError(error)));
      }
    }
  };

  const runAll = async (request: vscode.TestRunRequest, token: vscode.CancellationToken, fresh: boolean): Promise<void> => {
    const chosen = roots.filter((root) => {
      const inside = (list: readonly vscode.TestItem[] | undefined): boolean => (list ?? []).some((item) => rootOf(item).id === root.id);
      const wholly = (request.exclude ?? []).some((item) => item.id === root.id);
      return !wholly && (request.include === undefined || inside(request.include));
    });
    const run = controller.createTestRun(request, `${fresh ? 'afresh: ' : ''}${chosen.map((root) => root.label).join(', ')}`, false);
    for (const root of chosen) running.add(root.label);
    try {
      for (const leaf of chosen.flatMap(leavesOf)) {
        const item = items.get(leaf.id);
        if (item) run.enqueued(item);
      }
      for (const root of chosen) if (!token.isCancellationRequested) await runOne(run, root, { fresh, token });
    } finally {
      for (const root of chosen) running.delete(root.label);
      run.end();
    }
  };

  const show = (tests: readonly EvaluationTest[]): void => {
    items.clear();
    roots = testTree(tests);
    draw(controller.items, roots);
  };

  controller.refreshHandler = () => host.evaluations.refresh();
  controller.createRunProfile('Evaluate', vscode.TestRunProfileKind.Run, (request, token) => runAll(request, token, false), true);
  controller.createRunProfile('Evaluate Afresh', vscode.TestRunProfileKind.Run, (request, token) => runAll(request, token, true), false);
  return {
    async show(tests) {
      show(tests);
      await tellOthers();
    },
    dispose: () => controller.dispose(),
  };
}

const momentOf = (evaluation: string, created: number): string => `${evaluation} ${Math.round(created)}`;

function rootOf(item: vscode.TestItem): vscode.TestItem {
  let at = item;
  while (at.parent) at = at.parent;
  return at;
}

function uriOf(host: Host, file: string | null): vscode.Uri | undefined {
  if (file === null || !host.folder) return undefined;
  return path.isAbsolute(file) ? vscode.Uri.file(file) : vscode.Uri.joinPath(host.folder.uri, file);
}

/** By its name in runyard.yaml; one that isn't there any more is asked as it was last time. */
async function askFor(host: Host, root: TestNode, fresh: boolean): Promise<Asked> {
  const newest = newestOf(leavesOf(root).flatMap(({ test }) => test ?? []));
  const { configured } = await host.engine.request('evaluations.list', { limit: 1 });
  if (configured.includes(root.label) || !newest) return { configured: root.label, fresh };
  return questionOf(host, await host.engine.request('evaluations.get', { evaluation: newest.evaluation }), fresh);
}

function outputOf(doc: EvaluationDoc, cached: boolean): string[] {
  const interval = doc.overall.intervals[doc.main.metric];
  const value = doc.overall.figures[doc.main.metric];
  const words = valueWords({ value: typeof value === 'number' ? value : null, low: interval?.low ?? null, high: interval?.high ?? null });
  return [
    `${doc.name}: ${doc.outcome}, ${doc.main.metric} ${words} on ${doc.data.rows.toLocaleString('en-US')} rows${cached ? ' (kept: model, data and slices are the same)' : ''}`,
    ...doc.reasons.map((reason) => `  ${reason}`),
    ...doc.warnings.map((warning) => `  warning: ${warning.message}`),
  ];
}
