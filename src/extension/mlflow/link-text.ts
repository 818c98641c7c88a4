/** Addresses that MLflow's client prints at a run's end: "View run NAME at: http://127.0.0.1:PORT/#/experiments/1/runs/ID". */
const RUN = /https?:\/\/(?:127\.0\.0\.1|localhost):\d+\/#\/experiments\/\d+\/runs\/([0-9a-f]{32})\b/g;

/** Where in a line of a terminal such addresses stand, and the runs that they name. */
export const runLinks = (line: string): { startIndex: number; length: number; run: string }[] =>
  [...line.matchAll(RUN)].map((match) => ({ startIndex: match.index, length: match[0].length, run: match[1] ?? '' }));
