/** Over a param: the values that were tried and what they gave. Over a metric: how it went from run to run. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { MethodResults } from '../../protocol/engine';
import { formatAgo, formatNumber } from '../base/format';
import { escapeMarkdown, markdownTable } from '../base/markdown';
import { markdownImage, sparkline } from '../base/sparkline';
import type { Host } from '../host';
import { scripts, switchedOn } from './facts';
import { paramName, scanScript, scanYamlParams, spotAt, type Spot } from './scan';

const yaml: vscode.DocumentFilter = { scheme: 'file', pattern: '**/runyard.{yaml,yml}' };

export function registerHovers(host: Host): vscode.Disposable {
  const answer = async (make: () => Promise<string | undefined>, document: vscode.TextDocument, spot: Spot): Promise<vscode.Hover | undefined> => {
    if (!host.folder || !(await host.hasStore())) return undefined;
    try {
      const text = await make();
      return text === undefined ? undefined : new vscode.Hover(new vscode.MarkdownString(text), new vscode.Range(spot.line, spot.start, spot.line, spot.end));
    } catch (error) {
      host.log.debug(`no hover in ${document.uri.fsPath}: ${describeError(error)}`);
      return undefined;
    }
  };
  const param = (document: vscode.TextDocument, spot: Spot, script?: string) =>
    answer(async () => paramText(await host.engine.request('editor.param', { name: paramName(spot.name), script })), document, spot);
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider(scripts, {
      async provideHover(document, at) {
        if (!switchedOn('hovers')) return undefined;
        const found = scanScript(document.getText());
        const metric = spotAt(found.metrics, at.line, at.character);
        if (metric) return answer(async () => metricText(await host.engine.request('editor.metric', { key: metric.name, script: document.uri.fsPath })), document, metric);
        const spot = spotAt(found.params, at.line, at.character);
        return spot && param(document, spot, document.uri.fsPath);
      },
    }),
    vscode.languages.registerHoverProvider(yaml, {
      async provideHover(document, at) {
        const spot = switchedOn('hovers') ? spotAt(scanYamlParams(document.getText()), at.line, at.character) : undefined;
        return spot && param(document, spot);
      },
    }),
  );
}

/** The values tried, best first as the engine orders them; nothing where the param was never used. */
export function paramText({ param, metric, goal, rows }: MethodResults['editor.param']): string | undefined {
  if (rows.length === 0) return undefined;
  const title = `**${escapeMarkdown(param)}**${metric === null ? '' : ` · ${escapeMarkdown(metric)}, ${goal === 'maximize' ? 'higher' : 'lower'} is better`}`;
  const head = metric === null ? ['value', 'runs'] : ['value', 'runs', 'mean', 'best'];
  const cells = rows.slice(0, 12).map((row) => [row.value, String(row.runs), ...(metric === null ? [] : [formatNumber(row.mean), formatNumber(row.best)])]);
  const rest = rows.length > 12 ? `\n\n${rows.length - 12} more values` : '';
  return `${title}\n\n${markdownTable(head, cells, [1, 2, 3])}${rest}`;
}

/** The metric over the runs, oldest left, as the engine gives them. */
export function metricText({ key, goal, runs, best }: MethodResults['editor.metric'], now = Date.now() / 1000): string | undefined {
  const newest = runs.at(-1);
  if (!newest) return undefined;
  const marked = runs.findIndex((run) => run.id === best);
  const image = runs.length < 2 ? '' : markdownImage(sparkline(runs.map((run) => run.value), { dots: true, ...(marked < 0 ? {} : { best: marked }) }), `${key} over ${runs.length} runs`);
  const bestRun = runs[marked];
  const lines = [
    `**${escapeMarkdown(key)}** · ${goal === 'maximize' ? 'higher' : 'lower'} is better`, image,
    `last ${escapeMarkdown(formatNumber(newest.value))} (${escapeMarkdown(newest.name)}, ${formatAgo(newest.t, now)})`,
  ];
  if (bestRun) lines.push(`best ${escapeMarkdown(formatNumber(bestRun.value))} (${escapeMarkdown(bestRun.name)})`);
  return lines.filter((line) => line !== '').join('\n\n');
}
