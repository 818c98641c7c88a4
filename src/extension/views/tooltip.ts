/** What pointing at a run tells: state, when and how long, params, metrics, and the main metric's curve. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/model';
import { markdownImage, sparkline } from '../base/sparkline';
import type { Engine } from '../engine';
import { tooltipText } from './tooltip-text';

/** Asks the engine for the whole run; where that fails, what the row knows is shown. */
export async function runTooltip(engine: Engine, row: RunRow, mainMetric: string | null): Promise<vscode.MarkdownString> {
  const full = await engine.request('runs.get', { run: row.id }).catch(() => row);
  const curve = mainMetric === null ? [] : await engine
    .request('runs.curves', { runs: [row.id], key: mainMetric, px: 100 })
    .then(({ curves }) => curves[0]?.points.map((point) => point.value) ?? [], () => []);
  const image = curve.length > 1 ? markdownImage(sparkline(curve), `${mainMetric} by step`) : '';
  const text = new vscode.MarkdownString(tooltipText(full, { mainMetric, image, now: Date.now() / 1000 }), true);
  text.supportHtml = false;
  return text;
}
