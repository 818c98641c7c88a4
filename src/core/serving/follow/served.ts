/** A version that is served: its scorer, ready, and how its rows are checked and logged. */
import { RunyardError, describeError } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import type { ServingConfig, ServingRule } from '../../config/monitoring';
import { readGolden } from '../../registry/moves/golden-file';
import { digestOfFiles } from '../../registry/versions/weights';
import { lineForm, type LineForm, type Privacy } from '../record/lines';
import { ruleSet, type RuleSet } from '../rules/apply';
import { outputColumns } from '../rules/outputs';
import { createBatcher, type Batcher, type Scorer } from '../scorer/batcher';
import { ScorerLost, startChild } from '../scorer/child';
import type { OpenVersion } from '../scorer/protocol';
import type { ServedSchema } from '../types';
import type { Pointed } from './pointer';

export interface Served extends Disposable {
  readonly version: number; readonly folder: string; readonly schema: ServedSchema; readonly batcher: Batcher; readonly since: number;
  rules: RuleSet; form: LineForm;
}
export type Settings = Pick<ServingConfig, 'rules' | 'batch'>;
export interface ServedOptions { workspace: string; temp: string; script: string; settings: Settings; privacy: Privacy; onLost(why: string): void }

/** Loads it and asks it once. Throws unsupported for anything but ONNX, bad_input for a model or a rule that can't be used. */
export async function openServed(pointed: Pointed, options: ServedOptions): Promise<Served> {
  const { workspace, temp, script, settings, onLost } = options;
  const version: OpenVersion = { workspace, temp, folder: pointed.folder, known: await goldenColumns(workspace, pointed) };
  const start = async (): Promise<{ scorer: Scorer; schema: ServedSchema }> => {
    const child = startChild(script);
    try {
      const schema = await child.ask('open', { version });
      return { schema, scorer: { score: (rows) => child.ask('score', rows), lost: (error) => error instanceof ScorerLost, ended: child.ended, dispose: () => child.dispose() } };
    } catch (error) {
      child.dispose();
      throw error instanceof ScorerLost ? new RunyardError('internal', `version ${pointed.version}: the model's process ended while it was loaded: ${error.message}`, 'see whether the machine has enough memory', { cause: error }) : error;
    }
  };
  const { scorer, schema } = await start();
  try {
    const checked = await checks(schema, options);
    const batcher = createBatcher({ ...settings.batch, start: async () => (await start()).scorer, onLost }, scorer);
    return { version: pointed.version, folder: pointed.folder, schema, batcher, since: Date.now(), ...checked, dispose: () => batcher.dispose() };
  } catch (error) {
    scorer.dispose();
    throw error;
  }
}

/** Rules and the form of the log for a schema. Throws bad_input naming rule and place. */
export async function checks(schema: ServedSchema, { script, settings, privacy }: Pick<ServedOptions, 'script' | 'settings' | 'privacy'>): Promise<{ rules: RuleSet; form: LineForm }> {
  return { form: lineForm(schema, privacy), rules: await compiled(settings.rules, schema, script) };
}

/** In a process that ends with it: DuckDB stays out of the server. */
async function compiled(rules: readonly ServingRule[], schema: ServedSchema, script: string): Promise<RuleSet> {
  if (rules.length === 0) return { input: [], output: [] };
  const child = startChild(script);
  try {
    const found = await child.ask('rules', { rules: rules.map(({ name, when, on }) => ({ name, when, on })), columns: schema.columns, outputs: outputColumns(schema) });
    const [problem] = found.problems;
    if (problem) throw new RunyardError('bad_input', `serving rule ${problem.name}, at ${problem.from + 1}: ${problem.message}`, 'mend its when: in runyard.yaml');
    return ruleSet(rules, found.rules);
  } catch (error) {
    throw error instanceof ScorerLost ? new RunyardError('internal', `serving rules can't be read: ${describeError(error)}`, 'try again', { cause: error }) : error;
  } finally {
    child.dispose();
  }
}

/** What the columns are called and of what type, where the version was promoted with data of its own. */
async function goldenColumns(workspace: string, { files }: Pointed): Promise<OpenVersion['known']> {
  const digest = digestOfFiles(Object.entries(files).map(([path, { digest: own, size }]) => ({ path, digest: own, size })));
  const kept = await readGolden({ workspace }, digest).catch(() => null);
  return kept === null || kept.golden.synthetic ? null : { columns: kept.golden.columns, types: kept.golden.types, mapping: kept.golden.mapping };
}
