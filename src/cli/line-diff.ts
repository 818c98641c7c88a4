/** Two texts as the lines that differ, with some around them. */

/** Beyond so many the texts are as good as unrelated: one is taken out and the other put in. */
const MOST_EDITS = 2000;

export interface Line { kind: ' ' | '-' | '+'; text: string }

/** The shortest edit from one list of lines to another (Myers 1986, "An O(ND) Difference Algorithm and Its Variations"). */
export function diffLines(left: readonly string[], right: readonly string[]): Line[] {
  const trace: Map<number, number>[] = [];
  const furthest = new Map<number, number>([[1, 0]]);
  const most = Math.min(left.length + right.length, MOST_EDITS);
  for (let edits = 0; edits <= most; edits++) {
    trace.push(new Map(furthest));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = diagonal === -edits || (diagonal !== edits && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
      let x = down ? (furthest.get(diagonal + 1) ?? 0) : (furthest.get(diagonal - 1) ?? 0) + 1;
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= left.length && x - diagonal >= right.length) return walkBack(trace, left, right);
    }
  }
  return [...left.map((text): Line => ({ kind: '-', text })), ...right.map((text): Line => ({ kind: '+', text }))];
}

function walkBack(trace: readonly Map<number, number>[], left: readonly string[], right: readonly string[]): Line[] {
  const lines: Line[] = [];
  let [x, y] = [left.length, right.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
    const before = down ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : (furthest.get(before) ?? 0);
    const fromY = edits === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY) {
      x--;
      y--;
      lines.push({ kind: ' ', text: left[x] ?? '' });
    }
    if (edits === 0) break;
    if (down) lines.push({ kind: '+', text: right[--y] ?? '' });
    else lines.push({ kind: '-', text: left[--x] ?? '' });
  }
  return lines.reverse();
}

/** The lines that differ with `around` lines before and after; what is left out between is one line `...`. */
export function excerpt(lines: readonly Line[], around = 3): string[] {
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - around), at + around + 1).some(({ kind }) => kind !== ' '));
  return lines.flatMap(({ kind, text }, at) => {
    if (near[at]) return [`${kind} ${text}`];
    return near[at + 1] === true && at > 0 ? ['  ...'] : [];
  });
}
