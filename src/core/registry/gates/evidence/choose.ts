/** Which evaluation speaks for a version. Pure over runyard.yaml. */
import type { EvaluationConfig } from '../../../config/schema';
import type { ModelSpec } from '../../../../protocol/evaluation/request';

/**
 * The configured evaluation that is called like the model; else the only one of this model by its registered name; else the only one that there is, unless it is another
 * registered model's. Null where none speaks for it, or several could.
 */
export function chooseEvaluation(configured: Readonly<Record<string, EvaluationConfig>>, model: string): EvaluationConfig | null {
  const named = Object.hasOwn(configured, model) ? configured[model] : undefined;
  if (named) return named;
  const all = Object.values(configured);
  const own = all.filter(({ request }) => nameOf(request.model) === model);
  if (own.length === 1) return own[0] ?? null;
  const [only, ...others] = all;
  return only && others.length === 0 && own.length === 0 && nameOf(only.request.model) === null ? only : null;
}

/** The registered model's name; null where it is none. */
function nameOf(spec: ModelSpec | EvaluationConfig['request']['model']): string | null {
  if (spec?.registered === undefined) return null;
  return /^(?:models:\/+)?([^@/]+)[@/]?/.exec(spec.registered)?.[1] ?? null;
}

export interface Candidate { model: string; version: number; /** null: nothing to compare with */ live: number | null }

/**
 * The same question about a registered version, against what is live there. Columns that a person mapped to the model's inputs stay mapped, the live version's as
 * its own mapping says, else the same way.
 */
export function requestFor(request: Readonly<Record<string, unknown>>, { model, version, live }: Candidate): Record<string, unknown> {
  const { model: was, baseline: before, run: _, ...rest } = request as Record<string, unknown> & { model?: ModelSpec; baseline?: ModelSpec };
  const mapped = (spec: ModelSpec | undefined): Pick<ModelSpec, 'mapping'> => (spec?.mapping ? { mapping: spec.mapping } : {});
  return {
    ...rest, model: { registered: `${model}/${version}`, ...mapped(was) },
    ...(live !== null && { baseline: { registered: `${model}/${live}`, ...(before?.mapping ? mapped(before) : mapped(was)) } }),
  };
}
