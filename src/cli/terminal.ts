/** Where text goes: plain for files and pipes, with colour for people who want it. */
export interface Terminal {
  write(text: string | Uint8Array): void;
  line(text?: string): void;
  readonly columns: number;
  readonly isTerminal: boolean;
  /** The text in a colour, or as it is. */
  paint(colour: Colour, text: string): string;
}
export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue';

const CODES: Record<Colour, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 };

export interface Sink { write(text: string | Uint8Array): unknown; isTTY?: boolean; columns?: number }

/** Colour only on a terminal, and not with NO_COLOR (set to anything but nothing) or TERM=dumb. */
export function terminal(sink: Sink, env: NodeJS.ProcessEnv): Terminal {
  const isTerminal = sink.isTTY === true;
  const coloured = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    isTerminal,
    columns: sink.columns ?? 100,
    write: (text) => void sink.write(text),
    line: (text = '') => void sink.write(`${text}\n`),
    paint: (colour, text) => (coloured ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text),
  };
}

/** Control characters of a name or a value (it may come from anywhere) made visible instead of obeyed. */
export const visible = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => (c === '\t' ? ' ' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`));
