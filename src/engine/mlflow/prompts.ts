/** Prompts are models with a tag: a search finds them only where it asks for them. Source: mlflow.store.model_registry.sqlalchemy_store._is_querying_prompt (3.17). */
import type { DocumentCondition } from '../../core/domain/filter/documents';
import { PROMPT_TAG } from '../../core/registry/documents';

const ofPrompts = ({ key }: DocumentCondition): boolean => key.entity === 'tag' && key.name === PROMPT_TAG;

/** Whether prompts are asked for, and the conditions that are left where they are not: models lack the tag that these name. */
export function withoutPrompts(conditions: readonly DocumentCondition[]): { conditions: readonly DocumentCondition[]; prompts: boolean } {
  const first = conditions.find(ofPrompts);
  const word = first?.value.kind === 'text' ? first.value.text.toLowerCase() : '';
  const prompts = first !== undefined && ((first.op === '=' && word === 'true') || (first.op === '!=' && word === 'false'));
  return { prompts, conditions: prompts ? conditions : conditions.filter((one) => !ofPrompts(one)) };
}
