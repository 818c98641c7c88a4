/** Limits of the registry's tags. Source: mlflow.utils.validation (3.17). */
import { invalid } from './errors';
import { checkName } from './validation';
import { recordOf, type Pair } from './wire';

const VALUE = 100_000;

export function checkRegistryTag({ key, value }: Pair): void {
  checkName(key, 'key');
  if (value.length <= VALUE) return;
  throw invalid(key === 'mlflow.prompt.text' ? `Prompt text exceeds max length of ${VALUE} characters.` : `'value' exceeds the maximum length of ${VALUE} characters`);
}

/** By key; the last one counts where one comes twice. */
export function checkRegistryTags(tags: readonly Pair[]): Record<string, string> {
  for (const tag of tags) checkRegistryTag(tag);
  return recordOf(tags);
}
