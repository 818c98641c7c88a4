import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunyardError, systemCode } from '../../core/base/errors';
import { EXIT, type Command } from '../command';

export const init: Command = {
  name: 'init',
  usage: '',
  summary: "make the store's folder and a commented runyard.yaml, nothing else",
  example: 'runyard init',
  words: { least: 0, most: 0, what: '' },
  anywhere: true,
  run(call) {
    // Where the person says, not at a store further up.
    const folder = path.resolve(call.io.cwd, call.text('workspace') ?? '.');
    const made = [...put(path.join(folder, '.runyard', '.gitignore'), '*\n'), ...(existsSync(path.join(folder, 'runyard.yml')) ? [] : put(path.join(folder, 'runyard.yaml'), TEMPLATE))];
    call.answer({ workspace: folder, made }, () => {
      for (const file of made) call.io.out.line(`made ${path.relative(folder, file)}`);
      call.io.err.line(made.length > 0 ? 'Next: runyard run -- python train.py' : 'Everything is there already.');
    });
    return Promise.resolve(EXIT.done);
  },
};

function put(file: string, text: string): string[] {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    return [file];
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return [];
    throw new RunyardError('refused', `${file} can't be written (${systemCode(error)})`, 'make the folder writable, or name another with --workspace', { cause: error });
  }
}

export const TEMPLATE = `# What Runyard knows about this workspace beyond what it finds by itself. Everything here is optional.
version: 1

# Which way of a metric is better, and which one stands for a run. Without this, names tell: loss is less, acc is more.
# metrics:
#   val_auc: {goal: maximize, main: true}
#   val_loss: {goal: minimize}

# Experiments to run by name: \`runyard run train\`.
# experiments:
#   train:
#     command: [python, train.py]     # a list of arguments, no shell; or one text with shell: true
#     params: {lr: 0.1, epochs: 10}   # become --lr 0.1 --epochs 10, and RUNYARD_PARAMS
#     cwd: .
#     env: {OMP_NUM_THREADS: "1"}
#     datasets: [{name: train, path: data/train.csv, role: train}]
#     seeds: {param: seed, count: 5}  # five runs that differ in --seed alone

# How good a model is: \`runyard evaluate test\`. Slices are rows that matter, each with its own limits.
# evaluations:
#   test:
#     model: out/model.onnx           # or {command: [python, score.py]}, or {predictions: {column: predicted}}
#     data: data/test.csv             # CSV, TSV, JSONL, Parquet, globs, a DuckDB or SQLite table
#     label: y
#     baseline: champion.onnx         # the model to beat, on the same rows
# slices:
#   older:
#     where: age >= 60                # SQL over the row's columns, and nothing else
#     minSupport: 100
#     thresholds: {accuracy: {min: 0.8}}

# What is watched once a model answers: \`runyard monitor run\`, or by itself while the engine runs. Alerts open where a check fails.
# monitors:
#   loan-daily:
#     model: loan@production          # the log of \`runyard serve-model loan@production\`; or log: {data: logs/*.parquet, time: at}
#     reference: data/train.csv       # or previous (the window before), or 7d (a window so long ago)
#     window: 1d
#     cadence: week                   # Mondays with Mondays
#     schedule: {cron: "0 6 * * *"}   # or {every: 1h}
#     checks:
#       - drift
#       - {estimated: roc_auc, drop: 0.03, severity: critical}
#       - {rows: 100}
#     runbook: Look at the feed first, then roll back.
#     hooks: [{command: [python, notify.py]}]
# serving:
#   loan@production:
#     drop: [name]                    # never in the log
#     rules: [{name: minors, when: age < 18, action: reject}]
# retraining:
#   weekly:
#     model: loan@production
#     experiment: train
#     triggers: [{on: schedule, every: 1w}, {on: drift, monitor: loan-daily}]
# onCall: {start: 2026-11-16, people: [Ana, Bo]}   # by week, from that Monday on

# queue: {concurrency: 1}                  # how many runs at a time
# stop: {intSeconds: 5, termSeconds: 5}    # how long a run may take to stop before the next signal
# output: {metrics: true, patterns: []}    # metrics from lines such as "epoch 3 loss=0.41 acc: 0.9"
`;
