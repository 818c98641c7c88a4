/** Which of runyard.yaml's slices belong to an evaluation, and what is wrong with those that can't. */
import { describeError, RunyardError } from '../../base/errors';
import type { LoadedConfig } from '../../config/load';
import type { Config, SliceConfig } from '../../config/schema';
import type { FileProblem } from '../../../protocol/model';
import type { EvaluationRequest, SliceSpec } from '../../../protocol/evaluation/request';
import type { Warning } from '../../../protocol/evaluation/result';
import type { PredicateProblem, Predicates } from './predicates';

/** Slices that say where they belong, and those that belong wherever they fit. */
export const candidates = (config: Config, evaluation: string): SliceConfig[] =>
  Object.values(config.slices).filter(({ evaluations }) => evaluations === null || evaluations.includes(evaluation));

export interface Fitting { slices: SliceSpec[]; /** of slices that have no place in these data */ warnings: Warning[] }

/**
 * The slices that an evaluation is made with: its own, and the workspace's that fit its data. Throws bad_input where a predicate is wrong as
 * it is, or where one that names this evaluation doesn't fit: a test that silently isn't made would pass for one that did.
 */
export async function fittingSlices(loaded: LoadedConfig, request: EvaluationRequest, predicates: Predicates, signal: AbortSignal): Promise<Fitting> {
  const own = new Set(request.slices.map(({ name }) => name));
  const wanted = candidates(loaded.config, request.name ?? '').filter(({ name }) => !own.has(name));
  const specs = wanted.map(({ spec }) => spec);
  if (specs.length === 0) return { slices: request.slices, warnings: [] };
  const grammar = await predicates.check(null, specs, signal);
  for (const slice of wanted) refuse(loaded, slice, grammar.get(slice.name));
  const unfit = await predicates.check(request.data, specs, signal);
  for (const slice of wanted) if (slice.evaluations !== null) refuse(loaded, slice, unfit.get(slice.name));
  const warnings = wanted.flatMap((slice): Warning[] => {
    const { name } = slice;
    const problem = unfit.get(name);
    return problem ? [{ code: 'slice_left_out', message: `${placeOf(loaded, slice, problem)}: the slice '${name}' is left out: ${problem.message}`, hint: 'mend it there, or name the evaluations that it is for (evaluations: [...])' }] : [];
  });
  return { slices: [...request.slices, ...specs.filter(({ name }) => !unfit.has(name))], warnings };
}

function placeOf({ file, places }: LoadedConfig, { name, line }: SliceConfig, problem: PredicateProblem): string {
  const at = places[name]?.(problem.from, problem.to);
  return `${file ?? 'runyard.yaml'}:${at ? `${at.line}:${at.column}` : line}`;
}

function refuse(loaded: LoadedConfig, slice: SliceConfig, problem: PredicateProblem | undefined): void {
  if (!problem) return;
  throw new RunyardError('bad_input', `${placeOf(loaded, slice, problem)}: the slice '${slice.name}': ${problem.message}`, 'mend it there, or leave the slice out of this evaluation');
}

export interface CheckedConfig { problems: FileProblem[]; /** pairs that can't be: evaluation → slices that don't fit its data */ unfit: ReadonlyMap<string, ReadonlySet<string>> }

/**
 * Looks at every predicate over the data of each evaluation that it is for. One that says where it belongs has to fit there; one that doesn't
 * has to fit somewhere. Data that can't be read say nothing about a predicate.
 */
export async function checkConfig(loaded: LoadedConfig, predicates: Predicates, unread: (why: string) => void): Promise<CheckedConfig> {
  const { config } = loaded;
  const all = Object.values(config.slices);
  const problems = new Map<string, PredicateProblem>();
  const unfit = new Map<string, Set<string>>();
  const fits = new Set<string>();
  const found = await predicates.check(null, all.map(({ spec }) => spec));
  for (const [name, problem] of found) problems.set(name, problem);
  for (const { name: evaluation, request } of Object.values(config.evaluations)) {
    const slices = candidates(config, evaluation).filter(({ name }) => !found.has(name));
    if (slices.length === 0 || request.data === undefined) continue;
    try {
      const wrong = await predicates.check({ ...request.data, types: request.data.types ?? {} }, slices.map(({ spec }) => spec));
      if (wrong.size > 0) unfit.set(evaluation, new Set(wrong.keys()));
      for (const { name, evaluations } of slices) {
        const problem = wrong.get(name);
        if (!problem) fits.add(name);
        else if (evaluations !== null || !problems.has(name)) problems.set(name, evaluations === null ? problem : { ...problem, message: `${problem.message} (in the data of ${evaluation})` });
      }
    } catch (error) {
      unread(`the data of the evaluation ${evaluation} can't be looked at: ${describeError(error)}`);
    }
  }
  const wrong = all.filter(({ name, evaluations }) => problems.has(name) && !(evaluations === null && fits.has(name)));
  return { unfit, problems: wrong.flatMap((slice) => problemOf(loaded, slice, problems.get(slice.name)) ?? []) };
}

function problemOf({ file, places }: LoadedConfig, { name, line }: SliceConfig, problem: PredicateProblem | undefined): FileProblem | null {
  if (!problem) return null;
  const at = places[name]?.(problem.from, problem.to) ?? { line, column: 1, endLine: line, endColumn: 2 };
  return { file: file ?? 'runyard.yaml', ...at, severity: 'error', message: `slices.${name}: ${problem.message}` };
}
