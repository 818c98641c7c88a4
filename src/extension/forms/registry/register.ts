/** The form that registers a version: which file, as which model; then all of it at a glance, with each part still to be changed. */
import type { MethodParams } from '../../../protocol/engine';
import { BACK, pickStep, textStep, type Answer } from '../../base/steps';
import { readTags } from '../../base/tags';
import type { Host } from '../../host';
import { modelWords } from '../../views/models-nodes';
import { nameFault } from '../../registry/words';
import { registerArgs, registerRows, suggestedName, type Draft, type Field } from './draft';
import { askSource } from './source';

const TITLE = 'Register Model';

/** What is to be registered; nothing where the person turned away. */
export async function registerForm(host: Host, start: Draft): Promise<MethodParams<'registry.register'> | undefined> {
  let draft = start;
  if (draft.source === undefined) {
    const source = await askSource(host, TITLE);
    if (source === undefined) return undefined;
    draft = { ...draft, source };
  }
  if (draft.model === '') {
    const model = await askModel(host, draft);
    if (typeof model !== 'string') return undefined;
    draft = { ...draft, model };
  }
  let active: Field | 'save' = 'save';
  for (;;) {
    const { models } = await host.registry.overview();
    const rows = registerRows(draft, models.find(({ name }) => name === draft.model)?.latest ?? null);
    const last: Field | 'save' = active;
    const chosen: Answer<Field | 'save'> = await pickStep<Field | 'save'>({ title: TITLE, placeholder: 'The first row registers it; choose another one to change it', items: rows, back: false, active: (one) => one === last });
    if (chosen === undefined || chosen === BACK) return undefined;
    if (chosen === 'save') return registerArgs(draft);
    active = chosen;
    const value: Answer<string> = chosen === 'model' ? await askModel(host, draft) : await askText(draft, chosen);
    if (typeof value === 'string') draft = { ...draft, [chosen]: value };
  }
}

/** Models that are there, and a new one. */
async function askModel(host: Host, draft: Draft): Promise<Answer<string>> {
  const { models } = await host.registry.overview();
  if (models.length === 0) return askNewModel(draft);
  const items = [
    ...models.map((row) => ({ label: `$(package) ${row.name}`, description: modelWords(row), value: { name: row.name } })),
    { label: '$(add) A New Model…', description: suggestedName(draft.source), value: { name: '' } },
  ];
  const chosen = await pickStep<{ name: string }>({ title: TITLE, placeholder: 'Which model it is a version of', items, back: false, active: ({ name }) => name === draft.model });
  if (chosen === undefined || chosen === BACK) return chosen;
  return chosen.name === '' ? askNewModel(draft) : chosen.name;
}

async function askNewModel(draft: Draft): Promise<Answer<string>> {
  const value = draft.model || suggestedName(draft.source);
  const typed = await textStep({
    title: TITLE, value, prompt: 'What the model is called', placeholder: 'car-loan',
    check(name) {
      const wrong = nameFault(name.trim());
      return wrong === undefined ? {} : { wrong };
    },
  });
  return typeof typed === 'string' ? typed.trim() : typed;
}

const TEXTS: Readonly<Record<Exclude<Field, 'model'>, { prompt: string; placeholder: string }>> = {
  description: { prompt: 'What is new in it, for people', placeholder: 'trained on the data of May, with the region' },
  licence: { prompt: 'Under which licence the weights are; may be empty', placeholder: 'Apache-2.0' },
  tags: { prompt: 'Tags; several are parted by commas', placeholder: 'stage=candidate, owner=ana' },
};

async function askText(draft: Draft, field: Exclude<Field, 'model'>): Promise<Answer<string>> {
  const typed = await textStep({
    title: TITLE, value: draft[field], ...TEXTS[field],
    check: (value) => (field === 'tags' && readTags(value) === undefined ? { wrong: 'write name=value, parted by commas' } : {}),
  });
  return typeof typed === 'string' ? typed.trim() : typed;
}
