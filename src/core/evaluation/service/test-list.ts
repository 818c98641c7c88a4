/** Slices, pinned examples and limits as tests: what came of each, and when. */
import type { Pinned } from '../../config/pinned';
import { PINNED_FILE } from '../../config/pinned';
import type { LoadedConfig } from '../../config/load';
import type { EvaluationRows, OutcomeKind, PastOutcome } from '../../store/evaluations';
import type { EvaluationTest } from '../../../protocol/evaluation/result';
import { candidates } from './workspace-slices';

/** Evaluations that a test's history reaches back. */
const HISTORY = 20;

export interface TestSources {
  loaded: LoadedConfig; pinned: readonly Pinned[]; rows: EvaluationRows;
  /** pairs that can't be: a slice of columns that the data don't have */
  unfit: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Of each configured evaluation: the whole, its slices and its pinned examples, in the order of the files; then pinned examples of evaluations that nobody configured. */
export function listTests(sources: TestSources): EvaluationTest[] {
  const { loaded: { config, file }, pinned, unfit } = sources;
  const names = [...new Set([...Object.keys(config.evaluations), ...pinned.map(({ evaluation }) => evaluation)])];
  return names.flatMap((evaluation) => {
    const past = sources.rows.outcomes(evaluation, HISTORY);
    const test = testsOf(evaluation, past);
    const configured = Object.hasOwn(config.evaluations, evaluation) ? config.evaluations[evaluation] : undefined;
    const slices = configured ? candidates(config, evaluation).filter(({ name }) => unfit.get(evaluation)?.has(name) !== true) : [];
    const own = (configured?.request.slices ?? []).map((slice) => slice.name);
    return [
      ...(configured ? [test('overall', '', { name: evaluation, file, line: configured.line })] : []),
      ...own.map((name) => test('slice', name, { name, file, line: configured?.line ?? null })),
      ...slices.filter(({ name }) => !own.includes(name)).map(({ name, line }) => test('slice', name, { name, file, line })),
      ...pinned.filter((one) => one.evaluation === evaluation).map(({ example, line }) => test('pinned', example.id, { name: example.note === '' ? example.id : `${example.id}: ${example.note}`, file: PINNED_FILE, line })),
    ];
  });
}

function testsOf(evaluation: string, past: readonly PastOutcome[]): (kind: OutcomeKind, item: string, at: Pick<EvaluationTest, 'name' | 'file' | 'line'>) => EvaluationTest {
  return (kind, item, at) => {
    const found = past.filter((one) => one.kind === kind && one.item === item);
    const [last] = found;
    return {
      id: [evaluation, kind, ...(kind === 'overall' ? [] : [item])].map(encodeURIComponent).join('/'), kind, ...at, evaluation,
      outcome: last?.outcome ?? null, message: last?.message ?? '', duration: kind === 'overall' ? last?.duration ?? null : null,
      history: found.map(({ evaluation: id, created, outcome }) => ({ evaluation: id, created, outcome })).reverse(),
    };
  };
}
