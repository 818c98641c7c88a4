/** Which script a worker thread for draws starts from: the evaluator's own bundle, which knows itself. */
let script: string | null = null;

/** Said by the bundle when it starts. */
export function setDrawScript(path: string): void {
  script = path;
}

/** Null where no bundle runs, such as in a test over sources: then all is drawn in one thread. */
export const drawScript = (): string | null => script;
