/** What checks look at, and what they find. */
import type { CheckConfig } from '../../config/monitoring';
import type { LogFacts } from '../../evaluation/process/jobs';
import type { DriftDoc } from '../../../protocol/drift';
import type { CheckResult } from '../../../protocol/monitoring';
import type { PerformanceDoc } from '../../../protocol/performance';

export type CheckOf<K extends CheckConfig['check']> = Extract<CheckConfig, { check: K }>;
/** A part of what is looked at: null where nobody asked for it, or it could not be had, with why. */
export type Part<T> = { value: T } | { value: null; why: string };
/** Of one window. `facts`: what the log holds; `drift`: by the check's place among the monitor's checks, so that two drift checks each have their own. */
export interface Looked {
  facts: LogFacts; drift: (at: number) => Part<DriftDoc>; performance: Part<PerformanceDoc>;
  /** newest row in time for `fresh`, seconds before the moment that counts; null: none within what was asked */
  age: (at: number) => number | null;
  /** of a program of the person's */
  program: (at: number) => Part<Ended>;
}
export interface Ended { outcome: 'done' | 'failed' | 'timed out' | 'not found'; status: number | null; output: string; duration: number }
/** `subject` '' where the check has one only: its key is the check's name then, else `NAME:SUBJECT`, or `NAME:PART` where the subject isn't the same in each window. */
export type Finding = Pick<CheckResult, 'subject' | 'outcome' | 'value' | 'low' | 'high' | 'threshold' | 'reason'> & { part?: string };

/** With nothing but an outcome and a sentence. */
export const finding = (outcome: Finding['outcome'], reason: string, more: Partial<Finding> = {}): Finding => ({ subject: '', value: null, low: null, high: null, threshold: null, ...more, outcome, reason });

/** Three significant digits. */
export const digits = (value: number | null): string => (value === null ? 'none' : value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3))));
