/** What a chart draws, without a page to draw it on. */

export interface SeriesStyle { color: string; dash: number[] }
export interface Point { x: number; y: number; /** what the tooltip calls it, instead of the curve's label */ label?: string }
/** One curve. A point whose y is no finite number is a gap, and a mark at the foot of the plot. */
export interface Line {
  id: string; label: string; style: SeriesStyle; points: Point[];
  /** a thin shadow of the smoothed line */
  faint?: boolean;
  band?: { low: Point[]; high: Point[] };
  /** level from each point to the next, as a histogram's outline is */
  stepped?: boolean;
  /** the area down to zero, in the line's colour as see-through as this (0 to 1) */
  filled?: number;
  /** a disc at each point, of this radius in pixels; none is drawn else but that of a single point */
  radii?: number[];
  /** no tooltip and no part in highlighting: a line to read others against */
  backdrop?: boolean;
}
export interface Axis { title: string; log?: boolean; format(value: number): string; min?: number; max?: number; /** a little space past the outermost values */ room?: boolean; /** how far apart the ticks are; the chart chooses where it isn't told */ step?: number }
