/** Figures as the different places write them. */
const LARGEST = 1.7976931348623157e308;

/** Python's text of a float: nan, inf, -inf, 1e-3. NaN where it is none of them is an error: null. */
export function pythonFloat(text: string): number | null {
  const word = text.trim().toLowerCase();
  if (/^[+-]?nan$/.test(word)) return NaN;
  const infinite = /^([+-]?)inf(inity)?$/.exec(word);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word) ? Number(word.replaceAll('_', '')) : null;
}

/** MLflow's databases and servers hold infinities as the largest double. */
export const fromClamped = (value: number): number => (value >= LARGEST ? Infinity : value <= -LARGEST ? -Infinity : value);
/** As a server takes it: JSON has no word for NaN and infinities, protobuf's has. */
export const toWire = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** A figure of a server's answer: a number, or a text such as "NaN". */
export function fromWire(value: unknown): number | null {
  if (typeof value === 'number') return fromClamped(value);
  if (typeof value === 'bigint') return Number(value);
  const number = typeof value === 'string' ? pythonFloat(value) : null;
  return number === null ? null : fromClamped(number);
}
