/** Between the scoring server and its child processes (child_process IPC with advanced serialisation). */
import type { Values } from '../../evaluation/data/types';
import type { JournalHeader } from '../../monitoring/log/journal';
import type { CompiledRule, RuleProblem, RuleText } from '../rules/types';
import type { Scored, ServedColumn, ServedSchema } from '../types';

/** `types`: what the columns are known to be, by name (of golden rows); null where nothing is known. */
export interface OpenVersion { workspace: string; folder: string; temp: string; known: { columns: string[]; types: Record<string, string>; mapping: unknown } | null }
export type ToScorer =
  | { kind: 'open'; job: number; version: OpenVersion }
  | { kind: 'score'; job: number; count: number; columns: Readonly<Record<string, Values>> }
  | { kind: 'rules'; job: number; rules: RuleText[]; columns: ServedColumn[]; outputs: ServedColumn[] }
  | { kind: 'settle'; job: number; folder: string; /** ids of journals that are written to no more, besides those whose writer is gone */ closed: string[]; /** the writer that asks */ own: Pick<JournalHeader, 'pid' | 'startTime' | 'host'> };
export interface Settled { files: number; rows: number; left: { file: string; why: string }[] }
export interface Answers { open: ServedSchema; score: Scored; rules: { rules: CompiledRule[]; problems: RuleProblem[] }; settle: Settled }
export type FromScorer =
  | { kind: 'done'; job: number; result: Answers[keyof Answers] }
  | { kind: 'failed'; job: number; code: string; message: string; hint: string };
