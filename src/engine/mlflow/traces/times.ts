/** Times as proto3 JSON writes them. Source: google.protobuf.Timestamp, Duration. */
import * as z from 'zod';

const fraction = (ms: number): string => (ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`);

/** Milliseconds → 2026-11-21T07:51:03.869Z, without a fraction where there is none. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.000Z$/, 'Z');
}

/** Milliseconds → 0.106s. */
export const duration = (ms: number): string => `${ms < 0 ? '-' : ''}${Math.floor(Math.abs(ms) / 1000)}${fraction(Math.abs(ms) % 1000)}s`;

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[-+]\d\d:\d\d)$/;
const LATEST = 253_402_300_799_999;

/** Text → whole milliseconds. */
export const fromTimestamp = z.string().regex(RFC3339, 'not a time').transform((text) => Date.parse(text.replace(/(\.\d{3})\d+/, '$1'))).pipe(z.number().int().max(LATEST));
/** Text → whole milliseconds. */
export const fromDuration = z.string().regex(/^-?\d{1,12}(\.\d{1,9})?s$/, 'not a duration').transform((text) => Math.trunc(Number(text.slice(0, -1)) * 1000 + (text.startsWith('-') ? -1e-6 : 1e-6)));
