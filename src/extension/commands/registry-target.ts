/** Which model, version or environment a command is about: the row that was clicked, the one selected in the Models tree, or what the person picks. */
import type { ModelDetail } from '../../protocol/registry';
import type { Host } from '../host';
import { meantModel, targetOf, type Target } from '../registry/pick';
import type { ModelsView } from '../views/models';
import type { CommandArgs } from './targets';

/** What the call names, else the only row that is selected. */
export function named(models: ModelsView, [first]: CommandArgs): Target {
  const target = targetOf(first);
  if (Object.keys(target).length > 0) return target;
  return models.selection.length === 1 ? targetOf(models.selection[0]) : {};
}

/** With the model's facts, asked for where the call names none; without them where the person turned away. */
export async function meant(host: Host, models: ModelsView, args: CommandArgs, title: string): Promise<{ target: Target; detail: ModelDetail | undefined }> {
  const target = named(models, args);
  const model = await meantModel(host, target, title);
  return { target, detail: model === undefined ? undefined : await host.registry.model(model) };
}
