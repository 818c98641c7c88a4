/** Which script worker threads start from: the evaluator's program knows what lies beside it. */
let script: string | null = null;

/** Said by the program when it starts. */
export function setThreadScript(path: string): void {
  script = path;
}

/** Null where no program runs, such as in a test over sources: then all is done in one thread. */
export const threadScript = (): string | null => script;
