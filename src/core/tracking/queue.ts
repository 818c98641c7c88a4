/** Who may start next: first come, first served, no more at once than the setting says. It remembers nothing on disk: queued runs are in the store. */
export interface Queue {
  /** Waits in the order of `created`, whenever it is added. */
  add(run: string, created: number): void;
  /** True where it was waiting. */
  remove(run: string): boolean;
  has(run: string): boolean;
  /** The next to start while fewer than `limit` are `busy`, else null. */
  next(busy: number, limit: number): string | null;
  readonly length: number;
}

export function createQueue(): Queue {
  const waiting: { run: string; created: number }[] = [];
  return {
    add(run, created) {
      let at = waiting.length;
      while (at > 0 && (waiting[at - 1]?.created ?? 0) > created) at--;
      waiting.splice(at, 0, { run, created });
    },
    remove(run) {
      const at = waiting.findIndex((one) => one.run === run);
      if (at >= 0) waiting.splice(at, 1);
      return at >= 0;
    },
    has: (run) => waiting.some((one) => one.run === run),
    next: (busy, limit) => (busy < limit ? waiting.shift()?.run ?? null : null),
    get length() { return waiting.length; },
  };
}
