import { existsSync } from 'node:fs';
import { EXIT, type Command } from '../command';
import { driftText } from '../drift/drift-text';
import { driftAsked } from '../drift/request';
import { asking, Interrupted, pythonOf } from '../evaluation/ask';
import { SUBJECT_OPTIONS } from '../evaluation/options';
import { saidInOptions } from '../evaluation/said';
import { statusOf } from './evaluate';

/** How the model and the data are told, as `evaluate` has it. */
const SHARED = ['model', 'command', 'predictions', 'probabilities', 'input', 'missing', 'label-output', 'scores-output', 'task', 'classes', 'positive', 'format', 'table', 'types', 'python'];

export const drift: Command = {
  name: 'drift',
  usage: '--reference FILES --current FILES [--model MODEL] | --current FILES --time COLUMN --current-window FROM..TO',
  summary: 'say which columns of current data are no longer as in the reference, and by how much',
  more: 'A column drifted where a measure is beyond its limit and significant, too, after false-discovery control over all columns: many rows alone cry no wolf.\n'
    + 'Noise is what PSI comes to between two samples of the reference of these sizes. With a model its predictions on both are compared, and harm tells how much it depends on what drifted.\n'
    + 'Exit status: 1 where something drifted, 3 where there are too few rows to tell.',
  example: 'runyard drift --reference data/train.csv --current "data/2026-11-*.parquet" --model model.onnx --label repaid',
  options: {
    reference: { short: 'r', value: 'FILES', many: true, help: 'what is usual: CSV, TSV, JSONL, Parquet, a DuckDB or SQLite file; or a glob of them' },
    current: { short: 'c', value: 'FILES', many: true, help: 'what is held against it' },
    time: { value: 'COLUMN', help: 'tells when a row was: for two windows of one log, given with --current alone' },
    'current-window': { value: 'FROM..TO', help: 'rows of this time, such as 2026-11-01..2026-11-08 (UTC; the first is in it, the second is not)' },
    'reference-window': { value: 'FROM..TO', help: 'what they are held against (default: as long before)' },
    cadence: { value: 'week|day', help: 'week: Mondays with Mondays, of the four weeks before; day: the same hours, of the seven days before' },
    columns: { value: 'A,B,...', many: true, help: 'only these (default: all that both have)' },
    categorical: { value: 'A,B,...', many: true, help: 'whole numbers that are names of something' },
    label: { short: 'l', value: 'COLUMN', help: 'what is right, where both sides have it' },
    multivariate: { help: 'all columns together too: reconstruction by principal components, and how well a classifier tells the two sides apart' },
    slices: { value: 'FILE', help: 'a YAML file with slices, such as runyard.yaml: which of them the drift hits' },
    importance: { value: 'COLUMN=SHARE,...', many: true, help: 'how much the model depends on columns (default: found by asking --model): what drifts is sorted by drift times importance' },
    ...Object.fromEntries(Object.entries(SUBJECT_OPTIONS).filter(([name]) => SHARED.includes(name))),
    psi: { value: 'NUMBER', help: 'from which population stability index above noise on a change matters (default: 0.1)' },
    'missing-change': { value: 'SHARE', help: 'the same for the change of the share of missing values (default: 0.05)' },
    unseen: { value: 'SHARE', help: 'the same for rows in new categories (default: 0.01)' },
    range: { value: 'SHARE', help: "the same for rows outside the reference's range (default: 0.01)" },
    alpha: { value: 'SHARE', help: 'of the false-discovery control (default: 0.05)' },
    seed: { value: 'N', help: 'of the noise (default: 0)' },
  },
  words: { least: 0, most: 0, what: '' },
  anywhere: true,
  async run(call) {
    try {
      const request = driftAsked({ ...call, cwd: call.io.cwd, exists: existsSync });
      const doc = await asking(call, async (client, job) => client.request('drift.run', { job, request, ...await pythonOf(call, client) }), 'drift.cancel');
      call.answer(doc, () => call.io.out.write(driftText(doc, call.io.out)));
      return statusOf(doc.outcome);
    } catch (error) {
      if (error instanceof Interrupted) return EXIT.interrupted;
      throw saidInOptions(error);
    }
  },
};
