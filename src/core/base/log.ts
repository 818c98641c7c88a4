/** Where a part of the program says what it does. `error` carries the cause where there is one. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string, cause?: unknown): void;
}
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
