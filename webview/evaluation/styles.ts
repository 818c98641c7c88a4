/** How the pictures draw their lines, in the theme of now. */
import { faded, readTheme, seriesStyle } from '../shared/colors';
import type { Styles } from './model/curves';

const DASHES = [[], [6, 3], [2, 2]];

export function pictureStyles(): Styles {
  const theme = readTheme();
  return {
    own: seriesStyle(0), all: { color: faded(theme.muted, theme.contrast ? 0.9 : 0.5), dash: [] }, base: { color: seriesStyle(4).color, dash: [5, 3] }, marked: seriesStyle(1),
    more: [0, 1, 4].map((series, at) => ({ color: seriesStyle(series).color, dash: DASHES[at] ?? [] })), cost: seriesStyle(0),
    classes: [0, 1, 2, 3, 4, 5].map(seriesStyle),
  };
}
