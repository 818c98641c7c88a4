/** A log of what a model was asked and answered, as jobs are told of it. */
import type { DataSpec } from '../../protocol/evaluation/request';

/** Columns by what they mean; null: it has none. `keys`: what names a request (of a serving log: ry_request), `row`: which row of it. */
export interface LogColumns { time: string; keys: string[]; row: string | null; version: string | null; role: string | null; latency: string | null; rules: string | null; prediction: string | null; probabilities: string | Record<string, string> | null; label: string | null }
/** `folder`: absolute, in a serving log's layout; `labels`: absolute folder of feedback, which may not be there; `model`: NAME@ENVIRONMENT. */
export type LogPlace = { columns: LogColumns; labels: string | null; model: string | null } & ({ kind: 'serving'; folder: string } | { kind: 'files'; data: DataSpec });
/** `from` inclusive, `to` exclusive, ms since the epoch (UTC); null: open. Of these only some days (0 Sunday) and hours, UTC. */
export interface LogWindow { from: number | null; to: number | null; weekdays?: number[] | undefined; hours?: number[] | undefined; /** only this version's rows */ version?: number | undefined; /** rows that were answered with (live, canary), unless said */ roles?: ('live' | 'canary' | 'shadow')[] | undefined }
/** Labelled or not: files, or a window of the log itself. */
export type ReferencePlace = { data: DataSpec; label: string | null } | { window: LogWindow };
