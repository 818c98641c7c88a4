/** Are the evaluation's data like recent ones? */
import type { GateOf } from '../../config/registry';
import type { EvaluationDoc, Outcome } from '../../../protocol/evaluation/result';
import type { GateEvidence, GateResult } from '../../../protocol/registry';
import { counted, listed, shown } from './figures';
import { cannotTell, meant, resultOf, unfit, worstOf } from './result';

export interface ColumnDrift { column: string; psi: number | null; why: string }

/** The columns that are looked at: those that the gate names, else those that feed the model; undefined: all that both data have. A gate that names one which the data don't have is wrong. */
export function driftColumns(config: GateOf<'drift'>, doc: EvaluationDoc): string[] | undefined | GateResult {
  const known = doc.data.columns.map(({ name }) => name);
  const lost = config.columns?.find((name) => !known.includes(name));
  if (lost !== undefined) return unfit(config, `the data of the evaluation ${doc.name} have no column '${lost}'`, meant(lost, known));
  if (config.columns) return config.columns;
  const fed = [...new Set(doc.model.inputs.flatMap(({ columns }) => columns))];
  return fed.length > 0 ? fed : undefined;
}

/**
 * The population stability index of each column, recent data against the evaluation's: at most `psi` passes. A column that only one of the two has, or that
 * can't be compared, can't be told. The index has a floor on few rows: below some hundred it says little.
 */
export function driftGate(config: GateOf<'drift'>, doc: EvaluationDoc, columns: readonly ColumnDrift[]): GateResult {
  if (columns.length === 0) return cannotTell(config, 'the evaluation\'s data and the recent ones have no column in common', 'name files that have the columns of the model');
  const evidence = columns.map(({ column, psi, why }): GateEvidence => {
    const outcome: Outcome = psi === null ? 'cannot tell' : psi > config.psi ? 'fail' : 'pass';
    return { text: psi === null ? `${column}: ${why}` : `${column}: ${shown(psi)}${why === '' ? '' : `, ${why}`}`, outcome, evaluation: doc.id, metric: 'psi', value: psi };
  }).sort((a, b) => (b.value ?? Infinity) - (a.value ?? Infinity));
  const outcome = worstOf(evidence.map((one) => one.outcome));
  const texts = evidence.filter((one) => one.outcome === outcome).map(({ text }) => text);
  const all = counted(columns.length, 'column');
  const reason = outcome === 'pass' ? `the stability index of ${all} is at most ${shown(config.psi)}: recent data are like the evaluation's`
    : outcome === 'fail' ? `recent data differ from the evaluation's in ${texts.length} of ${all} (stability index above ${shown(config.psi)}): ${listed(texts)}`
      : `${texts.length} of ${all} can't be compared with recent data: ${listed(texts)}`;
  return resultOf(config, { outcome, reason, evidence, hint: outcome === 'fail' ? 'evaluate on newer data' : 'name the columns to look at: columns:' });
}
