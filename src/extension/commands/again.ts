/** Running a run again: as it was, with edited params, with more seeds, or as a new run of its own name and experiment. */
import { RunyardError } from '../../core/base/errors';
import type { RunDetail } from '../../protocol/model';
import { editParams } from '../forms/params';
import { changedParams, newForm, seedChanges } from '../forms/rows';
import type { Host } from '../host';
import { launch, saveFirst, showStarted } from './launch';
import type { Handlers } from './parts';
import { manyRuns, oneRun } from './targets';

/** The tag that says which run a clone is of. */
const CLONED_FROM = 'runyard.cloned_from';

export function againCommands(host: Host): Handlers {
  return {
    'runyard.rerun': async (args) => {
      const rows = await manyRuns(host, args, { title: 'Run Again' });
      await saveFirst();
      const started: string[] = [];
      for (const row of rows) started.push(...(await host.engine.request('runs.rerun', { run: row.id, source: 'editor' })).runs);
      await showStarted(host, started);
    },
    'runyard.rerunWithParams': async (args) => {
      const row = await oneRun(host, args, { title: 'Run Again with Edited Params' });
      if (row) await rerunForm(host, await host.engine.request('runs.get', { run: row.id }));
    },
    'runyard.clone': async (args) => {
      const row = await oneRun(host, args, { title: 'Clone Run' });
      if (row) await cloneForm(host, await host.engine.request('runs.get', { run: row.id }));
    },
  };
}

/** Before a form is filled in for nothing. */
function refuseWithoutCommand({ argv, name, script }: RunDetail): void {
  if (argv.length > 0) return;
  throw new RunyardError('refused', `${name} was logged by an MLflow client: what started it isn't known here`, script === null ? 'start its script again' : `open ${script} and run it`);
}

/** Edited params, and as many further seeds as are wanted. */
async function rerunForm(host: Host, run: RunDetail): Promise<void> {
  refuseWithoutCommand(run);
  const state = await editParams({ title: `Run ${run.name} again`, state: newForm(run.params), action: 'Run Again' });
  if (!state) return;
  await saveFirst();
  const changes = changedParams(state);
  const each = state.seeds === 1 ? [{}] : seedChanges(state.params, state.seeds);
  const started: string[] = [];
  for (const seed of each) started.push(...(await host.engine.request('runs.rerun', { run: run.id, params: { ...changes, ...seed }, source: 'editor' })).runs);
  await showStarted(host, started);
}

/** The same command as a run of its own: another name, another experiment. */
async function cloneForm(host: Host, run: RunDetail): Promise<void> {
  refuseWithoutCommand(run);
  const state = await editParams({ title: `Clone ${run.name}`, state: newForm(run.params, { Name: `${run.name}-copy`, Experiment: run.experiment }), action: 'Run the Clone' });
  if (!state) return;
  await launch(host, {
    argv: run.argv, cwd: run.cwd, params: changedParams(state), source: 'editor', seeds: state.seeds,
    ...(state.texts['Name'] ? { name: state.texts['Name'] } : {}), experiment: state.texts['Experiment'] ?? run.experiment,
    ...(run.interpreter === null ? {} : { interpreter: run.interpreter }),
    tags: { ...run.tags, [CLONED_FROM]: run.id },
  });
}
