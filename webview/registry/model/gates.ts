/** What the gates came to: as they were just asked, or as the ledger remembers them. Pure. */
import * as z from 'zod';
import { GATE_KINDS, type Approval, type GateReport, type GateResult, type HistoryRow, type Person } from '../../../src/protocol/registry';
import type { Outcome } from '../../../src/protocol/evaluation/result';

const outcome = z.enum(['pass', 'fail', 'cannot tell']);
/** The facts of a ledger's entry 'gates'. */
const gateFacts = z.looseObject({
  to: z.string(), outcome,
  gates: z.array(z.looseObject({ kind: z.enum(GATE_KINDS).catch('rule'), name: z.string(), outcome, blocks: z.boolean(), reason: z.string().catch('') })),
  evaluations: z.array(z.string()).catch([]),
});

export interface ShownGates {
  outcome: Outcome; t: number; gates: GateResult[]; evaluations: string[];
  /** null: they were asked in this panel, evidence and all */
  by: Person | null;
  /** what was live when they were asked; undefined: not known */
  live: number | null | undefined;
}

export const ofReport = (report: GateReport): ShownGates => ({ outcome: report.outcome, t: report.t, gates: report.gates, evaluations: report.evaluations, by: null, live: report.live });

/** The last time that they were asked of a version for an environment, as the ledger has it: outcomes and reasons, without evidence. */
export function lastGates(rows: readonly HistoryRow[], version: number, environment: string): ShownGates | null {
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.kind !== 'gates' || row.version !== version) continue;
    const facts = gateFacts.safeParse(row.facts);
    if (!facts.success || facts.data.to !== environment) continue;
    const gates = facts.data.gates.map(({ kind, name, outcome: found, blocks, reason }): GateResult => ({ kind, name, outcome: found, blocks, reason, hint: '', evidence: [] }));
    return { outcome: facts.data.outcome, t: row.t, gates, evaluations: facts.data.evaluations, by: row.by, live: undefined };
  }
  return null;
}

/** Why what is shown may not hold any more; '' where nothing speaks against it. */
export function outdated(shown: ShownGates, now: { version: number; live: number | null; approvals: readonly Pick<Approval, 't'>[] }): string {
  // It went live since: what it was asked before that is history.
  if (now.live === now.version) return '';
  if (shown.live !== undefined && shown.live !== now.live) return now.live === null ? 'nothing is live there any more' : `version ${now.live} is live there since`;
  if (now.approvals.some((one) => one.t > shown.t)) return 'somebody approved or rejected since';
  return '';
}

export const blocking = (gates: readonly GateResult[]): GateResult[] => gates.filter((gate) => gate.blocks);

/** 'All 4 gates let it pass', '2 of 5 gates stop it', 'Nothing is asked of it'. */
export function gatesText(gates: readonly GateResult[]): string {
  const stops = blocking(gates).length;
  if (gates.length === 0) return 'No gates: nothing is asked of it';
  if (stops === 0) return gates.length === 1 ? 'The only gate lets it pass' : `All ${gates.length} gates let it pass`;
  return gates.length === 1 ? 'The only gate stops it' : `${stops} of ${gates.length} gates stop${stops === 1 ? 's' : ''} it`;
}

/** What stops the move first, then what fails or can't be told, then the rest, each in the order of runyard.yaml. */
export function inOrder(gates: readonly GateResult[]): GateResult[] {
  const place = (gate: GateResult): number => (gate.blocks ? 0 : 2) + (gate.outcome === 'fail' ? 0 : gate.outcome === 'cannot tell' ? 1 : 2);
  return [...gates].sort((a, b) => place(a) - place(b));
}

/** A reason that is long enough for a forced move; what is still missing else. */
const REASON_LENGTH = 10;
export const reasonMissing = (text: string): number => Math.max(0, REASON_LENGTH - text.trim().length);
