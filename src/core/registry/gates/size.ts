/** How large the files are. */
import type { GateOf } from '../../config/registry';
import type { GateResult, VersionFacts } from '../../../protocol/registry';
import { counted } from './figures';
import { resultOf } from './result';

const UNITS: Readonly<Record<string, number>> = { kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, kiB: 2 ** 10, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Bytes of a number or of a text such as '100 MB' (1 MB is 10^6 bytes, 1 MiB 2^20). NaN for anything else, which the schema refuses. */
export function bytesOf(size: number | string): number {
  if (typeof size === 'number') return size;
  const [, value, unit] = /^(\d+(?:\.\d+)?)\s*([kKMG]i?B)$/.exec(size) ?? [];
  return Number(value) * (UNITS[unit ?? ''] ?? NaN);
}

export const shownBytes = (bytes: number): string => (bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);

/** All files of the version together. */
export function sizeGate(config: GateOf<'size'>, { size, files }: Pick<VersionFacts, 'size' | 'files'>): GateResult {
  const outcome = size <= bytesOf(config.max) ? 'pass' : 'fail';
  const text = `${counted(files.length, 'file')}, ${shownBytes(size)}`;
  return resultOf(config, { outcome, reason: outcome === 'pass' ? text : `${text}: at most ${shownBytes(bytesOf(config.max))} are allowed`, hint: 'a smaller model, or fewer files beside it', evidence: [{ text, outcome, metric: 'bytes', value: size }] });
}
