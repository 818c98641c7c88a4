/** What leaves the panel: the heat map with the pictures under it as a PNG, the heat map as CSV, the whole as Markdown. */
import { fileName } from '../compare/model/export';
import { readTheme } from '../shared/colors';
import { heatCsv, reportMarkdown } from './model/report';
import { isOpen } from './model/alerts';
import { lookOf, ratioText } from './model/heat';
import { lengthText, longLabel, shortLabel } from './model/windows';
import type { Panel } from './panel';

/** Of the picture, in CSS pixels; rows and windows beyond are left out and counted. */
const [NAME, CELL, LINE, MOST_ROWS, MOST_WINDOWS] = [240, 46, 20, 40, 30];

export const titleOf = (panel: Panel): string => {
  const comparison = panel.comparison();
  return panel.monitor()?.name ?? (comparison ? `${comparison.current.files.join(', ')} against ${comparison.reference.files.join(', ')}` : 'Drift');
};

function factsOf(panel: Panel): string[] {
  const [monitor, window] = [panel.monitor(), panel.window()];
  return [monitor?.model ? `model: ${monitor.model}` : '', monitor ? `windows of ${lengthText(monitor.window)}` : '', window ? `looked at: ${longLabel(window)}, ${window.rows} rows, ${window.outcome}` : '', `made ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`].filter(Boolean);
}

export const saveCsv = (panel: Panel): Promise<{ saved: boolean }> => panel.host.ask('host.saveFile', { name: fileName(`${titleOf(panel)} drift`, 'csv'), mime: 'text/csv', text: heatCsv(panel.rows(), panel.windows()) });

export async function saveMarkdown(panel: Panel): Promise<{ saved: boolean }> {
  const doc = await panel.doc();
  const text = reportMarkdown({ title: `Drift: ${titleOf(panel)}`, facts: factsOf(panel), rows: panel.rows(), windows: panel.windows(), doc, window: panel.window(), alerts: panel.alerts().filter(isOpen) });
  return panel.host.ask('host.saveFile', { name: fileName(`${titleOf(panel)} drift`, 'md'), mime: 'text/markdown', text });
}

/** The heat map is drawn anew: on the page it is elements. `below`: pictures that are on the page. */
export function savePng(panel: Panel, below: readonly HTMLCanvasElement[]): Promise<{ saved: boolean }> {
  const scale = Math.max(1, window.devicePixelRatio || 1);
  const theme = readTheme();
  const [rows, windows] = [panel.rows().slice(0, MOST_ROWS), panel.windows().slice(-MOST_WINDOWS)];
  const wide = Math.max(NAME + windows.length * CELL + 16, below.reduce((sum, one) => sum + one.width / scale + 12, 12), 480);
  const mapHeight = 64 + rows.length * LINE;
  const high = mapHeight + Math.max(0, ...below.map((one) => one.height / scale)) + (below.length > 0 ? 16 : 8);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.ceil(wide * scale), Math.ceil(high * scale)];
  const context = canvas.getContext('2d');
  if (!context) return Promise.reject(new Error('this browser draws no pictures'));
  context.scale(scale, scale);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, wide, high);
  drawMap(context, { panel, theme, rows, windows });
  let x = 8;
  for (const one of below) {
    context.drawImage(one, x, mapHeight + 8, one.width / scale, one.height / scale);
    x += one.width / scale + 12;
  }
  return panel.host.ask('host.saveFile', { name: fileName(`${titleOf(panel)} drift`, 'png'), mime: 'image/png', base64: canvas.toDataURL('image/png').slice('data:image/png;base64,'.length) });
}

interface MapParts { panel: Panel; theme: ReturnType<typeof readTheme>; rows: ReturnType<Panel['rows']>; windows: ReturnType<Panel['windows']> }
function drawMap(context: CanvasRenderingContext2D, { panel, theme, rows, windows }: MapParts): void {
  const style = getComputedStyle(document.documentElement);
  const [fail, pass] = [style.getPropertyValue('--vscode-charts-red').trim() || 'red', style.getPropertyValue('--vscode-charts-blue').trim() || 'blue'];
  const font = (size: number, weight = 'normal'): void => { context.font = `${weight} ${size}px ${theme.font}`; };
  const text = (words: string, x: number, y: number, width: number): void => context.fillText(words, x, y, width);
  context.textBaseline = 'middle';
  context.fillStyle = theme.foreground;
  font(theme.size, 'bold');
  text(`Drift: ${titleOf(panel)}`, 8, 14, 460);
  font(theme.size - 2);
  context.fillStyle = theme.muted;
  text(`effect over limit${panel.rows().length > rows.length ? `; ${panel.rows().length - rows.length} more columns` : ''}`, 8, 46, NAME - 16);
  windows.forEach((window, at) => text(shortLabel(window, windows[at - 1]), NAME + at * CELL + 4, 46, CELL - 6));
  rows.forEach((row, y) => {
    const top = 58 + y * LINE;
    context.fillStyle = theme.foreground;
    text(row.name.length > 38 ? `${row.name.slice(0, 37)}\u2026` : row.name, 8, top + LINE / 2, NAME - 16);
    windows.forEach((window, x) => {
      const cell = window.cells[row.name];
      const { tone, strength } = lookOf(cell);
      const left = NAME + x * CELL;
      context.globalAlpha = tone === 'fail' ? 0.25 + 0.3 * strength : tone === 'pass' ? 0.3 * strength : 0.12;
      context.fillStyle = tone === 'fail' ? fail : tone === 'pass' ? pass : theme.muted;
      if (tone !== 'none') context.fillRect(left + 1, top + 1, CELL - 2, LINE - 2);
      context.globalAlpha = 1;
      if (tone === 'fail') context.fillRect(left + 1, top + LINE - 4, CELL - 2, 3);
      context.fillStyle = theme.foreground;
      if (tone !== 'none') text(tone === 'unsure' ? '?' : ratioText(cell?.ratio ?? null), left + 8, top + LINE / 2, CELL - 12);
    });
  });
}
