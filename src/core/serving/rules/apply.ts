/** Rules held against rows: which were met, and what that does. */
import type { ServingRule } from '../../config/monitoring';
import type { Rows, Scalar } from '../types';
import { reader, type Evaluate } from './evaluate';
import type { CompiledRule } from './types';

export interface ReadyRule { rule: ServingRule; met: Evaluate }
export interface RuleSet { input: ReadyRule[]; output: ReadyRule[] }
/** By row: names of the rules that were met; what is answered instead, the first rule's; and the first that rejects. */
export interface Met { names: string[][]; instead: (Scalar | undefined)[]; rejected: { rule: ServingRule; row: number } | null; counts: Map<string, number> }

export const nothingMet = (count: number): Met => ({ names: Array.from({ length: count }, () => []), instead: new Array<undefined>(count).fill(undefined), rejected: null, counts: new Map() });

export function ruleSet(rules: readonly ServingRule[], compiled: readonly CompiledRule[]): RuleSet {
  const ready = rules.flatMap((rule): ReadyRule[] => {
    const found = compiled.find(({ name }) => name === rule.name);
    return found ? [{ rule, met: reader(found.tree) }] : [];
  });
  return { input: ready.filter(({ rule }) => rule.on === 'input'), output: ready.filter(({ rule }) => rule.on === 'output') };
}

/** Adds to what was met already. A rule is met where its predicate is true: neither where it is false nor where nobody can say. */
export function apply(rules: readonly ReadyRule[], rows: Rows, met: Met): Met {
  for (const { rule, met: holds } of rules) {
    for (let row = 0; row < rows.count; row++) {
      if (holds(rows.columns, row) !== true) continue;
      met.names[row]?.push(rule.name);
      met.counts.set(rule.name, (met.counts.get(rule.name) ?? 0) + 1);
      if (rule.action === 'replace' && met.instead[row] === undefined) met.instead[row] = rule.value ?? null;
      if (rule.action === 'reject' && met.rejected === null) met.rejected = { rule, row };
    }
  }
  return met;
}
