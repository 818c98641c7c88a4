/** What a server counted since it began. */
export interface Counts {
  /** of /invocations, and those answered 200; rows of these */
  requests: number; answered: number; rows: number;
  /** rows of live and canary that are in the log, and those that sampling left out: together as many as were answered */
  logged: number; sampledOut: number;
  /** by HTTP status */
  refused: Record<string, number>;
  /** rows that met it, by the rule's name */
  rules: Record<string, number>;
  /** of the candidate that is asked too: rows that it answered, on how many it said the same; what was left out as it couldn't keep up, and what it failed on */
  shadow: { rows: number; same: number; differing: number; dropped: number; failed: number };
  /** scorers that ended by themselves */
  lost: number;
}

export const newCounts = (): Counts => ({ requests: 0, answered: 0, rows: 0, logged: 0, sampledOut: 0, refused: {}, rules: {}, shadow: { rows: 0, same: 0, differing: 0, dropped: 0, failed: 0 }, lost: 0 });
export function add(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}
