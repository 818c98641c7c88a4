/** How the pictures draw their lines, in the theme of now. */
import { faded, readTheme, seriesStyle } from '../shared/colors';
import type { Styles } from './model/over-time';

export function pictureStyles(): Styles {
  const theme = readTheme();
  const muted = faded(theme.muted, theme.contrast ? 0.9 : 0.7);
  return {
    current: seriesStyle(0), reference: { color: muted, dash: [5, 3] }, limit: { color: seriesStyle(1).color, dash: [2, 3] }, noise: { color: faded(theme.muted, theme.contrast ? 0.8 : 0.55), dash: [] }, mark: { color: theme.foreground, dash: [1, 3] },
    more: [0, 4, 1, 2, 5, 6].map((series) => ({ color: seriesStyle(series).color, dash: [] })),
  };
}

/** Calls when the theme or the width of the page is another one: colours are on the canvas, not in a style sheet. */
export function onLook(node: HTMLElement, draw: () => void): void {
  new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(node.clientWidth - width) < 24) return;
    width = node.clientWidth;
    draw();
  }).observe(node);
}
