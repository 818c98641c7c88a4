/** A question to the person at the terminal. */
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import type { Invocation } from '../command';

export type Input = Readable & { isTTY?: boolean };

/** Somebody is there to answer: standard input and standard error are a terminal. */
export const canAsk = ({ io: { err }, json }: Pick<Invocation, 'io' | 'json'>, input: Input = process.stdin): boolean => !json && err.isTerminal && input.isTTY === true;

/** True for y and yes; anything else, and the end of the input, is no. The question goes to standard error. */
export async function confirmed({ io: { err } }: Pick<Invocation, 'io'>, question: string, input: Input = process.stdin): Promise<boolean> {
  err.write(`${question} [y/N] `);
  const lines = createInterface({ input, terminal: false });
  try {
    for await (const line of lines) return /^\s*y(es)?\s*$/i.test(line);
    err.line();
    return false;
  } finally {
    lines.close();
    // What is left of the input must not keep the process.
    input.pause();
  }
}
