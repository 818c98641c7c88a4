import type { Command } from '../command';
import { alias, describe, fetchFiles } from '../registry/models/change';
import { at, history, verify } from '../registry/models/ledger';
import { listModels } from '../registry/models/list';
import { register } from '../registry/models/register';
import { show } from '../registry/models/show';
import { checkOptions, optionsOf, runSubcommand, usageLines, type Subcommand } from '../registry/subcommand';

const all: readonly Subcommand[] = [register, show, history, at, verify, fetchFiles, alias, describe];

export const models: Command = {
  name: 'models',
  usage: `[${all.map(({ name }) => name).join('|')}] ...`,
  summary: 'the registry: versions of models, what is live where and since when, what was live, what waits for a person',
  more: `Without a word after it: all models.\n\n${usageLines('models', all)}\n\nA VERSION is a number, 'latest', an alias, or an environment for what is live there.`,
  example: 'runyard models register loan --file out/model.onnx --licence Apache-2.0',
  options: optionsOf(all),
  words: { least: 0, most: Infinity, what: '' },
  // The first version of a model may be the first thing that is kept.
  anywhere: ({ positionals: [word] }) => word === register.name,
  run(call) {
    if (call.positionals.length > 0) return runSubcommand(call, 'models', all);
    checkOptions(call, { command: 'models', found: null, all });
    return listModels(call);
  },
};
