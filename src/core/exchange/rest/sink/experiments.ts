/** Experiments go over by their name: a server gives them numbers of its own. */
import { KEPT, rewriteTags } from '../../ids';
import { objectOf, textOf, type JsonObject } from '../../json';
import type { Experiment, Outcome, Tags } from '../../model';
import { isMissing, isThere } from '../client';
import { API } from '../source';
import { toExperiment } from '../wire';
import { changedTags, tagList, type SinkContext } from './context';

export async function putExperiment(context: SinkContext, experiment: Experiment): Promise<Outcome> {
  const { client, ids } = context;
  const there = await named(context, experiment.name);
  const tags = {
    ...rewriteTags(ids, experiment.tags), [KEPT.experiment]: experiment.id, ...(experiment.created === null ? {} : { [KEPT.created]: String(experiment.created) }),
  };
  const id = there ? there.id : await create(context, experiment.name, tags);
  ids.experiments.set(experiment.id, id);
  if (there?.lifecycle === 'deleted') {
    // Another one's of that name, in the trash there: it takes ours in, and comes out of the trash with it.
    if (experiment.lifecycle === 'deleted' && there.tags[KEPT.experiment] === experiment.id) {
      context.settled.add(experiment.id);
      return 'same';
    }
    await client.send('POST', `${API}/experiments/restore`, { experiment_id: id });
  }
  if (experiment.lifecycle === 'deleted') context.trash.experiments.add(id);
  const changed = there ? Object.entries(changedTags(tags, there.tags)).filter(([key]) => key !== KEPT.created && key !== KEPT.experiment || there.tags[key] === undefined) : [];
  for (const [key, value] of changed) await client.send('POST', `${API}/experiments/set-experiment-tag`, { experiment_id: id, key, value } satisfies JsonObject);
  if (there) await learn(context, id);
  return there === null ? 'made' : changed.length > 0 ? 'completed' : 'same';
}

async function named({ client }: SinkContext, name: string): Promise<Experiment | null> {
  try {
    return toExperiment(objectOf(await client.get(`${API}/experiments/get-by-name`, { experiment_name: name }))['experiment']);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function create(context: SinkContext, name: string, tags: Tags): Promise<string> {
  try {
    return textOf((await context.client.send('POST', `${API}/experiments/create`, { name, tags: tagList(tags) }))['experiment_id']);
  } catch (error) {
    // Its answer was lost and it was asked again.
    const made = isThere(error) ? await named(context, name) : null;
    if (!made) throw error;
    return made.id;
  }
}

/** Which of our runs and models are there already. */
async function learn({ there, runs, models, ids }: SinkContext, id: string): Promise<void> {
  for await (const run of there.marked({ id }, { [KEPT.run]: null })) {
    const ours = run.tags[KEPT.run] ?? '';
    runs.set(ours, run);
    ids.things.set(ours, run.id);
    ids.roots.set(run.id, run.artifacts);
  }
  for await (const model of there.models({ id })) {
    const ours = model.tags[KEPT.model];
    if (ours === undefined) continue;
    models.set(ours, model);
    ids.things.set(ours, model.id);
    ids.roots.set(model.id, model.artifacts);
  }
}
