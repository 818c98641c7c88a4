/** Over a param: the values that were tried and what they gave. Over a metric: how it went from run to run. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { Host } from '../host';
import { scripts, switchedOn } from './facts';
import { paramName, scanScript, scanYamlParams, spotAt, type Spot } from './scan';
import { metricText, paramText } from './hover-texts';

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
