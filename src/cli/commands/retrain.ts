import type { Command } from '../command';
import { optionsOf, runSubcommand, usageLines, type Subcommand } from '../registry/subcommand';
import { backtest } from '../retrain/backtest';
import { list } from '../retrain/list';
import { run } from '../retrain/run';

const all: readonly Subcommand[] = [list, run, backtest];

export const retrain: Command = {
  name: 'retrain',
  usage: `${all.map(({ name }) => name).join('|')} ...`,
  summary: 'train anew on the labelled log, and try a policy of doing so before adopting it',
  more: `${usageLines('retrain', all)}\n\nIts run gets RUNYARD_DATA (a Parquet file of labelled rows), RUNYARD_DATA_FROM and RUNYARD_DATA_TO. Exit status of run: 1 where the candidate was rejected, or nothing came of it.`,
  example: 'runyard retrain backtest loan-weekly --policy weekly --policy drift --policy never',
  options: optionsOf(all),
  words: { least: 1, most: Infinity, what: `what to do: ${all.map(({ name }) => name).join(', ')}` },
  run: (call) => runSubcommand(call, 'retrain', all),
};
