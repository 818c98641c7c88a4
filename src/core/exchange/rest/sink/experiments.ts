/** Experiments go over by their name: a server gives them numbers of its own. */
import { KEPT, rewriteTags } from '../../ids';
import { objectOf, textOf, type JsonObject } from '../../json';
import type { Experiment, Outcome } from '../../model';
import { isMissing } from '../client';
import { API } from '../source';
import { toExperiment } from '../wire';
import { changedTags, tagList, type SinkContext } from './context';

export async function putExperiment(context: SinkContext, experiment: Experiment): Promise<Outcome> {
  const { client, ids } = context;
  const found = await client.get(`${API}/experiments/get-by-name`, { experiment_name: experiment.name }).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  const tags = {
    ...rewriteTags(ids, experiment.tags), [KEPT.experiment]: experiment.id, ...(experiment.created === null ? {} : { [KEPT.created]: String(experiment.created) }),
  };
  const there = found ? toExperiment(objectOf(found)['experiment']) : null;
  const id = there ? there.id : textOf((await client.send('POST', `${API}/experiments/create`, { name: experiment.name, tags: tagList(tags) }))['experiment_id']);
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

/** Which of our runs and models are there already. */
async function learn({ there, runs, models, ids }: SinkContext, id: string): Promise<void> {
  const experiment: Experiment = { id, name: '', lifecycle: 'active', created: null, updated: null, tags: {} };
  for await (const run of there.marked(experiment, KEPT.run)) {
    const ours = run.tags[KEPT.run] ?? '';
    runs.set(ours, run);
    ids.things.set(ours, run.id);
    ids.roots.set(run.id, run.artifacts);
  }
  for await (const model of there.models(experiment)) {
    const ours = model.tags[KEPT.model];
    if (ours === undefined) continue;
    models.set(ours, model);
    ids.things.set(ours, model.id);
    ids.roots.set(model.id, model.artifacts);
  }
}
