/** An evaluation as one JSON document for other programs: figures flat and slices by name, as the reference files have them, and beside them what is ours. */
import type { Comparison, DiscoveryDoc, EvaluationDoc, FigureSet, Importance, PairVerdict, SliceResult } from './result';

/** Figures at the top, as in the reference files; the intervals of each beside them. */
const flat = ({ figures, intervals }: FigureSet): Record<string, unknown> => ({ ...figures, intervals });

/**
 * `overall`, `slices` (by name, with `vs_rest`), `compare` (`overall`, `slices`, `verdict`) and `bootstrap95` mean what they mean in the reference files.
 * A figure of a person's own stands beside ours under its name; where it is called as one of our parts (`intervals`, `checks` ...), our part goes before it.
 * `cached`: the answer was kept from before.
 */
export function evaluationJson(doc: EvaluationDoc, cached: boolean): Record<string, unknown> {
  const { overall, slices } = doc;
  return {
    id: doc.id, name: doc.name, cached, outcome: doc.outcome, reasons: doc.reasons, verdict: overall.compared?.verdict ?? null,
    task: doc.task, label: doc.label, classes: doc.classes, positive: doc.positive, threshold: doc.threshold, main: doc.main,
    overall: { ...flat(overall), checks: overall.checks, ...(overall.compared && { differences: overall.compared.differences }) },
    slices: Object.fromEntries(slices.map((slice) => [slice.name, sliceJson(slice)])),
    ...(overall.compared && { compare: compareJson(doc, overall.compared) }),
    bootstrap95: overall.bootstrap95,
    ...(doc.baselineOverall && { baselineOverall: flat(doc.baselineOverall), baselineSlices: doc.baselineSlices }),
    splits: Object.fromEntries(Object.entries(doc.splits).map(([value, split]) => [value, { overall: flat(split.overall), slices: split.slices }])),
    pinned: doc.pinned, flips: doc.flips,
    unscored: doc.unscored, baselineUnscored: doc.baselineUnscored, warnings: doc.warnings,
    model: doc.model, baseline: doc.baseline, data: doc.data,
    slicesVersion: doc.slicesVersion, created: doc.created, duration: doc.duration, versions: doc.versions, request: doc.request,
  };
}

function sliceJson(slice: SliceResult): Record<string, unknown> {
  const { spec, unscored, vs_rest, harm, outcome, checks, compared } = slice;
  return {
    ...flat(slice), vs_rest, harm, unscored, outcome, checks, where: spec.where ?? null, tagger: spec.tagger ?? null, owner: spec.owner ?? null, minSupport: spec.minSupport,
    ...(compared && { verdict: compared.verdict, differences: compared.differences, failed: compared.failed }),
  };
}

function compareJson({ slices, request, reasons }: EvaluationDoc, overall: { comparison: Comparison; verdict: PairVerdict; failed: boolean }): Record<string, unknown> {
  const { verdict } = overall;
  const failing = slices.filter(({ compared }) => compared?.failed === true).map(({ name }) => name).sort();
  return {
    overall: overall.comparison,
    slices: Object.fromEntries(slices.flatMap(({ name, compared }): [string, Comparison][] => (compared ? [[name, compared.comparison]] : []))),
    verdict: {
      overall_better: verdict.difference === null ? null : verdict.goal === 'maximize' ? verdict.difference > 0 : verdict.difference < 0,
      overall_significant: verdict.p === null ? null : verdict.p < request.gate.alpha,
      failing_slices: failing,
      gate: failing.length > 0 || overall.failed || verdict.word === 'worse' ? 'fail' : 'pass',
    },
    reasons,
  };
}

/** `sliceline` as in the reference files; under `sliceline_worsening` too where it was searched for what got worse. */
export function discoveryJson(doc: DiscoveryDoc, cached: boolean): Record<string, unknown> {
  return {
    evaluation: doc.evaluation, cached, mode: doc.mode, loss: doc.loss, rows: doc.rows, slices: doc.slices, families: doc.families, leftOut: doc.leftOut,
    sliceline: doc.sliceline, ...(doc.mode === 'worsening' && { sliceline_worsening: doc.sliceline }),
    settings: doc.settings, duration: doc.duration,
  };
}

/** As in the reference files: the mean drop of each figure over the repeats by column. */
export function importanceJson({ repeats, seed, rows, figures, metric, baseline, baselines }: Importance): Record<string, unknown> {
  return { n_repeats: repeats, random_state: seed, n: rows, baseline: baselines ?? { [metric]: baseline }, ...figures };
}
