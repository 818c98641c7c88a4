/** The lines and axes of parallel coordinates, on a canvas. */
import { faded, readTheme } from '../shared/colors';
import type { AxisScale } from './model/scale';

export interface Axis { key: string; title: string; scale: AxisScale }
/** A run's line: its place on each axis (null: no value there), whether the brushes let it through, and its colour. */
export interface Trace { id: string; places: (number | null)[]; passes: boolean; color: string }
export interface Layout { width: number; height: number; left: number; right: number; top: number; bottom: number }

export const axisX = (layout: Layout, at: number, axes: number): number =>
  layout.left + (axes === 1 ? 0.5 : at / (axes - 1)) * (layout.width - layout.left - layout.right);
export const placeY = (layout: Layout, place: number): number => layout.height - layout.bottom - place * (layout.height - layout.top - layout.bottom);

/** Draws all lines and the axes; lines that don't pass are faint and below. */
export function drawParallel(canvas: HTMLCanvasElement, layout: Layout, { axes, traces }: { axes: Axis[]; traces: Trace[] }): void {
  const context = prepare(canvas, layout);
  if (!context) return;
  const theme = readTheme();
  const many = traces.length > 300;
  const strength = many ? 0.35 : traces.length > 60 ? 0.6 : 0.85;
  const out = faded(theme.muted, many ? 0.04 : 0.12);
  for (const passed of [false, true]) {
    context.lineWidth = passed ? 1.2 : 1;
    for (const trace of traces) {
      if (trace.passes !== passed) continue;
      context.strokeStyle = passed ? faded(trace.color, strength) : out;
      line(context, layout, { axes, trace });
    }
  }
  drawAxes(context, layout, axes);
}

/** One line alone, strong; null clears. */
export function drawTrace(canvas: HTMLCanvasElement, layout: Layout, { axes, trace }: { axes: Axis[]; trace: Trace | null }): void {
  const context = prepare(canvas, layout);
  if (!context || !trace) return;
  context.strokeStyle = trace.color;
  context.lineWidth = 3;
  line(context, layout, { axes, trace });
}

/** An empty canvas in CSS pixels. */
function prepare(canvas: HTMLCanvasElement, layout: Layout): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(layout.width * ratio);
  canvas.height = Math.round(layout.height * ratio);
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** A run's line; it is broken where the run has no value. */
function line(context: CanvasRenderingContext2D, layout: Layout, { axes, trace }: { axes: Axis[]; trace: Trace }): void {
  context.beginPath();
  let open = false;
  trace.places.forEach((place, at) => {
    if (place === null) {
      open = false;
      return;
    }
    const [x, y] = [axisX(layout, at, axes.length), placeY(layout, place)];
    if (open) context.lineTo(x, y);
    else context.moveTo(x, y);
    open = true;
  });
  context.stroke();
}

function drawAxes(context: CanvasRenderingContext2D, layout: Layout, axes: Axis[]): void {
  const theme = readTheme();
  const size = Math.max(10, theme.size - 2);
  context.font = `${size}px ${theme.font}`;
  context.lineWidth = 1;
  const room = axes.length > 1 ? (layout.width - layout.left - layout.right) / (axes.length - 1) - 14 : layout.width;
  axes.forEach((axis, at) => {
    const x = Math.round(axisX(layout, at, axes.length)) + 0.5;
    context.strokeStyle = theme.border === theme.background ? theme.muted : faded(theme.foreground, 0.5);
    context.beginPath();
    context.moveTo(x, layout.top);
    context.lineTo(x, layout.height - layout.bottom);
    context.stroke();
    const last = at === axes.length - 1 && axes.length > 1;
    context.textAlign = last ? 'right' : 'left';
    context.textBaseline = 'middle';
    for (const tick of axis.scale.ticks) {
      const y = placeY(layout, tick.at);
      context.beginPath();
      context.moveTo(x - 3, y);
      context.lineTo(x + 3, y);
      context.stroke();
      haloed(context, { text: clip(context, tick.text, room), x: x + (last ? -6 : 6), y, ink: theme.muted, paper: theme.background });
    }
    context.textAlign = at === 0 && axes.length > 1 ? 'left' : last ? 'right' : 'center';
    haloed(context, { text: clip(context, axis.title + (axis.scale.kind === 'log' ? ' (log)' : ''), room), x: at === 0 && axes.length > 1 ? x - layout.left + 4 : last ? x + layout.right - 4 : x, y: 9, ink: theme.foreground, paper: theme.background });
  });
}

/** Text that stays readable over lines. */
function haloed(context: CanvasRenderingContext2D, { text, x, y, ink, paper }: { text: string; x: number; y: number; ink: string; paper: string }): void {
  const { width } = context.measureText(text);
  const left = context.textAlign === 'right' ? x - width : context.textAlign === 'center' ? x - width / 2 : x;
  context.fillStyle = faded(paper, 0.8);
  context.fillRect(left - 2, y - 7, width + 4, 14);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function clip(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let kept = text.slice(0, 40);
  while (kept.length > 1 && context.measureText(`${kept}\u2026`).width > room) kept = kept.slice(0, -1);
  return `${kept}\u2026`;
}
