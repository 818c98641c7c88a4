/** A candidate held against what is live: on rows that neither was trained on and that are new, and on the evaluation set of old. */
import type { RetrainingConfig } from '../../config/monitoring';
import type { Config } from '../../config/schema';
import type { Watching } from '../../evaluation/service/jobs';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import type { EvaluationInput, ModelSpec } from '../../../protocol/evaluation/request';
import type { SideBySide } from '../../../protocol/monitoring';
import { partsOf } from '../log/place';
import type { Entry } from './journal';
import type { RetrainingParts } from './types';
import { lostSlices, sideBySide } from './verdict';

export interface ComparedSides { fresh: SideBySide; old: SideBySide | null; lost: string[] }

/** How the model's answers are read: as the evaluation named has it. */
const READING = ['task', 'classes', 'positive', 'threshold', 'gate', 'cost'] as const satisfies readonly (keyof EvaluationInput)[];

/** Evaluations that are kept already are answered at once. Throws what evaluating throws. */
export async function compareSides({ evaluating }: Pick<RetrainingParts, 'evaluating'>, { config, whole, entry }: { config: RetrainingConfig; whole: Config; entry: Entry }, watching: Watching): Promise<ComparedSides> {
  const [name] = partsOf(config.model);
  const configured = config.evaluation === undefined ? undefined : whole.evaluations[config.evaluation]?.request;
  const mapping = configured?.model?.mapping;
  const model = (version: number): ModelSpec => ({ registered: `${name}/${version}`, ...(mapping && { mapping: mapping as NonNullable<ModelSpec['mapping']> }) });
  const sides = { model: model(entry.row.version ?? 0), ...(entry.live !== null && entry.live !== entry.row.version && { baseline: model(entry.live) }) };
  const run = async (args: { configured?: string; request: Record<string, unknown> }): Promise<EvaluationDoc> => (await evaluating.run({ ...args, workspaceSlices: args.configured !== undefined, fresh: false }, watching)).evaluation;
  const reading = Object.fromEntries(READING.flatMap((part) => (configured?.[part] === undefined ? [] : [[part, configured[part]]])));
  const data = entry.data;
  if (!data) throw new Error('a retraining is compared after its rows were gathered');
  const fresh = await run({ request: { name: `${config.name} (fresh)`, ...reading, ...sides, data: { files: [data.holdout] }, label: data.label } });
  if (config.evaluation === undefined) return { fresh: sideBySide(fresh), old: null, lost: [] };
  const old = await run({ configured: config.evaluation, request: sides });
  return { fresh: sideBySide(fresh), old: sideBySide(old), lost: lostSlices(old) };
}
