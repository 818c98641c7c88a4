/** The theme's colours as a canvas needs them, and a colour and dash for each series. */
import type { SeriesStyle } from './curve';

export interface Theme {
  foreground: string; muted: string; background: string; grid: string; border: string; focus: string; font: string; size: number; contrast: boolean;
}

/** Reads the theme's variables; they change with the theme while the page lives, so ask again at each drawing. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise;
  const foreground = read('--vscode-foreground', 'CanvasText');
  const contrastBorder = style.getPropertyValue('--vscode-contrastBorder').trim();
  return {
    foreground,
    muted: read('--vscode-descriptionForeground', foreground),
    background: read('--vscode-editor-background', 'Canvas'),
    grid: contrastBorder || read('--vscode-charts-lines', read('--vscode-panel-border', foreground)),
    border: contrastBorder || read('--vscode-panel-border', foreground),
    focus: read('--vscode-focusBorder', foreground),
    font: read('--vscode-font-family', 'sans-serif'),
    size: Number.parseFloat(read('--vscode-font-size', '13')) || 13,
    contrast: contrastBorder !== '',
  };
}

/** Theme colours that series take first, in the order in which they are told apart best. */
const themed = ['blue', 'orange', 'green', 'red', 'purple', 'yellow'] as const;
/** Okabe and Ito's sequence for colour-blind readers (Color Universal Design, 2008), without its black. */
const okabeIto = ['#56b4e9', '#e69f00', '#009e73', '#cc79a7', '#0072b2', '#d55e00', '#f0e442'] as const;
/** Dashes of the first, second... round through the colours: two series of one colour are never drawn alike. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [1, 4]];

export type { SeriesStyle } from './curve';

/** The look of the nth series; the same n gives the same look. Colours are theme variables resolved now. */
export function seriesStyle(n: number): SeriesStyle {
  const style = getComputedStyle(document.documentElement);
  const palette: string[] = [
    ...themed.map((name, at) => solid(style.getPropertyValue(`--vscode-charts-${name}`).trim()) || (okabeIto[at] ?? '')),
    ...okabeIto,
  ];
  const dash = dashes[Math.floor(n / palette.length) % dashes.length] ?? [];
  return { color: palette[n % palette.length] ?? 'currentColor', dash: [...dash] };
}

/** Some themes' chart colours are see-through (they come from find matches): on a line they would be too faint to read. */
const solid = (color: string): string => (/^#[0-9a-f]{8}$/i.test(color) ? color.slice(0, 7) : /^#[0-9a-f]{4}$/i.test(color) ? color.slice(0, 4) : color.replace(/^rgba\((.*),[^,]*\)$/, 'rgb($1)'));

/** Hands each id a number of its own, the lowest one that is free, for as long as it is kept. */
export function seriesNumbers(): { assign(ids: readonly string[]): void; of(id: string): number | undefined } {
  let numbers = new Map<string, number>();
  return {
    assign(ids) {
      const kept = new Map(ids.flatMap((id) => (numbers.has(id) ? [[id, numbers.get(id) ?? 0] as const] : [])));
      const used = new Set(kept.values());
      let free = 0;
      for (const id of ids) {
        if (kept.has(id)) continue;
        while (used.has(free)) free += 1;
        used.add(free);
        kept.set(id, free);
      }
      numbers = kept;
    },
    of: (id) => numbers.get(id),
  };
}

/** A colour with an opacity, whatever form it is in. */
export function faded(color: string, opacity: number): string {
  return `color-mix(in srgb, ${color} ${Math.round(opacity * 100)}%, transparent)`;
}

/**
 * Where a value lies between two ends, as a colour between the theme's two ends of a scale: from blue to yellow, which stay apart
 * for every kind of colour blindness. `at` is 0..1.
 */
export function scaleColor(at: number): string {
  const style = getComputedStyle(document.documentElement);
  const low = style.getPropertyValue('--vscode-charts-blue').trim() || '#0072b2';
  const high = style.getPropertyValue('--vscode-charts-yellow').trim() || '#f0e442';
  const share = Math.round(Math.min(1, Math.max(0, at)) * 100);
  return mix(low, high, share);
}

const mixed = new Map<string, string>();
let probe: CanvasRenderingContext2D | null = null;

/** Canvas takes color-mix() only in newer browsers; asking a canvas for it once gives rgb for all. */
function mix(low: string, high: string, share: number): string {
  const text = `color-mix(in srgb, ${high} ${share}%, ${low})`;
  const known = mixed.get(text);
  if (known) return known;
  probe ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!probe) return low;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = text;
  probe.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = probe.getImageData(0, 0, 1, 1).data;
  const color = `rgb(${r}, ${g}, ${b})`;
  mixed.set(text, color);
  return color;
}
