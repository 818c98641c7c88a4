/** What runyard.yaml may say, section by section: each is parsed on its own, so that one bad section leaves the others working. */
import * as z from 'zod';
import { datasetInfo } from '../../protocol/spool';
import type { EvaluationInput, SliceSpec } from '../../protocol/evaluation/request';
import type { Goal } from '../../protocol/model';
import { defaultMonitoring, type MonitoringConfig } from './monitoring';
import { defaultRegistry, type RegistryConfig } from './registry';

/** A scalar as the person typed it: numbers and booleans become text before they come here. */
const scalar = z.union([z.string(), z.number(), z.boolean()], { error: 'expected a text, a number, true or false' }).transform(String);
const scalars = z.record(z.string(), scalar);

export const metricSection = z.object({
  goal: z.enum(['maximize', 'minimize'], { error: "expected 'maximize' or 'minimize'" }).optional(),
  main: z.boolean().default(false),
});

const seeds = z.object({ param: z.string().min(1).default('seed'), count: z.number().int().min(1).max(1000).default(1) });

export const experimentSection = z.object({
  command: z.union([z.array(scalar).min(1), z.string().min(1)], { error: 'expected a list such as [python, train.py], or a text with shell: true' }),
  shell: z.boolean().default(false),
  params: scalars.default({}),
  paramStyle: z.enum(['flags', 'env', 'both'], { error: "expected 'flags', 'env' or 'both'" }).default('both'),
  cwd: z.string().min(1).default('.'),
  env: scalars.default({}),
  datasets: z.array(datasetInfo).default([]),
  seeds: seeds.optional(),
  python: z.string().min(1).optional(),
});

export const queueSection = z.object({ concurrency: z.number().int().min(1).max(256).default(1) });
export const stopSection = z.object({ intSeconds: z.number().min(0).max(3600).default(5), termSeconds: z.number().min(0).max(3600).default(5) });
export const outputSection = z.object({ metrics: z.boolean().default(true), patterns: z.array(z.string()).default([]) });
export const resourcesSection = z.object({ seconds: z.number().min(0.1).max(3600).default(2) });

export const SECTIONS = { queue: queueSection, stop: stopSection, output: outputSection, resources: resourcesSection } as const;
export const TOP_KEYS = ['version', 'metrics', 'experiments', 'evaluations', 'slices', 'registry', 'monitors', 'serving', 'retraining', 'onCall', ...Object.keys(SECTIONS)] as const;

/** One experiment as it may be started; `line` (1-based) is where its name stands in the file. */
export interface ExperimentConfig {
  name: string; line: number;
  command: string[]; shell: boolean; params: Record<string, string>; paramStyle: 'flags' | 'env' | 'both';
  /** relative to the workspace */
  cwd: string; env: Record<string, string>; datasets: z.output<typeof datasetInfo>[];
  seeds?: { param: string; count: number };
  python?: string;
}

/** An evaluation as the file has it: what is missing (the model, say) has to be said where it is asked for. `line` as above. */
export interface EvaluationConfig { name: string; line: number; request: Partial<EvaluationInput> }
/** `evaluations`: only there; null: wherever its columns exist. */
export interface SliceConfig { name: string; line: number; spec: SliceSpec; evaluations: string[] | null }

/** Everything runyard.yaml says, with the defaults where it says nothing. Times in seconds. */
export interface Config {
  metrics: Record<string, { goal?: Goal; main: boolean }>;
  experiments: Record<string, ExperimentConfig>;
  evaluations: Record<string, EvaluationConfig>;
  slices: Record<string, SliceConfig>;
  registry: RegistryConfig;
  monitoring: MonitoringConfig;
  queue: { concurrency: number };
  stop: { intSeconds: number; termSeconds: number };
  output: { metrics: boolean; patterns: string[] };
  resources: { seconds: number };
}

/** The configuration of a workspace without a runyard.yaml. */
export const defaultConfig = (): Config => ({
  metrics: {}, experiments: {}, evaluations: {}, slices: {}, registry: defaultRegistry(), monitoring: defaultMonitoring(),
  queue: queueSection.parse({}), stop: stopSection.parse({}), output: outputSection.parse({}), resources: resourcesSection.parse({}),
});
