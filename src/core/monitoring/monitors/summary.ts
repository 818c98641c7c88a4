/** A result in short. Pure. */
import type { ColumnDrift, DriftDoc } from '../../../protocol/drift';
import type { Outcome } from '../../../protocol/evaluation/result';
import type { CheckResult, MonitorResult, ResultSummary } from '../../../protocol/monitoring';
import { ratioOf } from '../checks/drift';

const SEVERITIES = ['critical', 'warning', 'info'] as const;

/** Fail where something fails; cannot tell where nothing fails and something can't be told; pass else. Nothing at all can't be told. */
export const worstOf = (outcomes: readonly Outcome[]): Outcome => (outcomes.includes('fail') ? 'fail' : outcomes.includes('cannot tell') || outcomes.length === 0 ? 'cannot tell' : 'pass');

/** What fails, the gravest first, then what can't be told; each sentence once. */
export function reasonsOf(checks: readonly CheckResult[]): string[] {
  const ranked = [...checks].filter(({ outcome }) => outcome !== 'pass')
    .sort((a, b) => Number(a.outcome !== 'fail') - Number(b.outcome !== 'fail') || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.at - b.at);
  return [...new Set(ranked.map(({ check, reason }) => (reason.startsWith(check) ? reason : `${check}: ${reason}`)))];
}

/** `alerts`: ids of those that it opened or in which it counts. */
export function summaryOf(result: MonitorResult, alerts: readonly string[]): ResultSummary {
  const { id, monitor, created, window, outcome, reasons, checks, drift, performance, versions } = result;
  return {
    id, monitor, created, window, outcome, reasons, checks, columns: columnsOf(drift), figures: performance?.windows[0]?.figures ?? {}, alerts: [...alerts],
    versions: [...new Set(versions.filter(({ role }) => role !== 'shadow').map(({ version }) => version))].sort((a, b) => a - b),
  };
}

function columnsOf(drift: DriftDoc | null): ResultSummary['columns'] {
  if (!drift) return {};
  const all = [...Object.values(drift.columns), ...(drift.label ? [drift.label] : []), ...Object.values(drift.predictions)];
  return Object.fromEntries(all.map((column) => [column.name, inShort(column)]));
}

function inShort({ tests, outcome, harm, figures, type, role }: ColumnDrift): ResultSummary['columns'][string] {
  const ratios = tests.filter(({ effect }) => effect !== null).map(ratioOf);
  const psi = figures['psi'];
  return { ratio: ratios.length > 0 ? Math.max(...ratios) : null, outcome, harm: harm ?? null, psi: typeof psi === 'number' && Number.isFinite(psi) ? psi : null, type, role };
}
