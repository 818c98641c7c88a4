/** A model that is asked for a few rows: what is asked, and what it says. */
import type { DataSpec, Mapping } from '../../../protocol/evaluation/request';

/** Rows with what the model said of them, kept at promotion and asked again before a roll back. `synthetic`: no data was known, the rows are made up from the model's inputs, seeded. */
export interface Golden { format: 1; columns: string[]; rows: (string | number | boolean | null)[][]; mapping: Mapping; label: string | null; types: Record<string, string>; predictions: { label: string | null; scores: number[] }[]; synthetic: boolean; recorded: number }
/** One process opens the model once, for all of it. `record`: this many rows of `data`, or made-up ones; `replay`: these again; `latency`: so many rows, one a call. */
export interface ProbeParams { file: string; data: { spec: DataSpec; label: string; id: string | undefined; mapping: Mapping | undefined } | null; record?: number | undefined; replay?: Golden | undefined; latency?: number | undefined; python: string | null }
export interface ProbeResult {
  golden: Golden | null;
  /** rows that came out otherwise: beyond 1e-5 relative and absolute, or with another label */
  differing: { row: number; was: string; now: string }[] | null;
  /** milliseconds */
  latency: { rows: number; p50: number; p95: number; p99: number } | null;
}
