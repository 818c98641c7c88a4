import path from 'node:path';
import type { Command } from '../command';
import { copyWith, placeOf } from '../copying';

export const importCommand: Command = {
  name: 'import',
  usage: 'mlflow PLACE [--artifacts DIR]',
  summary: "copy runs, models and traces from MLflow's own stores into this workspace",
  more: 'PLACE is an mlruns folder, an mlflow.db, or the address of a server (MLFLOW_TRACKING_TOKEN, or _USERNAME and _PASSWORD, where it asks).\n'
    + 'Ids stay. The source is only read. Again, it brings what is new; after an interruption it goes on.',
  example: 'runyard import mlflow ./mlruns',
  options: { artifacts: { value: 'DIR', many: true, help: 'a folder in which the source keeps files, where it lies elsewhere' } },
  words: { least: 2, most: 2, what: 'mlflow, and a folder, a file or an address' },
  anywhere: true,
  run(call) {
    const from = placeOf(call);
    const artifacts = call.texts('artifacts').map((folder) => path.resolve(call.io.cwd, folder));
    return copyWith(call, (client, copy) => client.request('mlflow.import', { from, artifacts, ...copy }));
  },
};
