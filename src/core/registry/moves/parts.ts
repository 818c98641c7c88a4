/** What the parts of a move share. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import { stopped } from '../../base/stopping';
import type { EnvironmentConfig, RegistryConfig } from '../../config/registry';
import type { Person } from '../../../protocol/registry';
import { checkEnvironment } from '../gates/edge';
import { checkFolderName, type Pointer } from '../live/pointer';
import type { Evaluating, Gates, Ledger, RegistryContext, Versions, Watching } from '../types';
import type { Locks } from './lock';

/** Where a move has got to, told when it is reached: ended at any of them, nothing is half done. */
export const STEPS = ['checked', 'golden', 'prepared', 'sealed', 'committed', 'swapped', 'swept', 'hook', 'hooked'] as const;
export type MoveStep = (typeof STEPS)[number];

export interface MoveParts {
  ledger: Ledger; versions: Versions; gates: Gates; evaluating: Evaluating;
  /** who works here, as git knows them, unless a door says so */
  identity(given?: Person): Promise<Person>;
  /** aliases and stages that follow an environment */
  followMove(move: { model: string; version: number; environment: string }): void;
  /** runs work under the name of a job, so that its progress is told and it can be stopped; without it nobody hears of it */
  jobs?: { run<T>(job: string, asker: { onGone(heard: () => void): void } | undefined, work: (watching: Watching) => Promise<T>): Promise<T> };
  step?(step: MoveStep): void;
  /** seconds that a state stays on the disk after another one took its place, for those who read it: 60 unless given */
  grace?: number;
}
export interface Moving { context: RegistryContext; parts: MoveParts; locks: Locks; /** ends the programs that were started */ stop: AbortSignal }
/** What is moved, and where. */
export interface Place { model: string; environment: string }

/** Whoever moves something by a rule. */
export const AUTOMATIC: Person = { name: 'Runyard', email: '' };

export const pointerOf = ({ workspace }: RegistryContext, { model, environment }: Place): Pointer => ({ root: path.join(workspace, '.runyard', 'models'), model, environment });
/** Absolute: what a serving process opens. */
export const folderOf = (context: RegistryContext, place: Place): string => path.join(pointerOf(context, place).root, place.model, place.environment);
export const registryOf = (context: RegistryContext): RegistryConfig => context.loaded().config.registry;

/** What runyard.yaml says of an environment. Throws bad_input naming those that there are, or what is wrong in the file. */
export function environmentNamed(config: RegistryConfig, name: string): EnvironmentConfig {
  checkEnvironment(config, name);
  checkFolderName('an environment', name);
  return config.environments[name] ?? NO_HOOKS;
}

const NO_HOOKS: EnvironmentConfig = { onPromote: [], onRollback: [] };
/** None where runyard.yaml doesn't name the environment any more: what was live in it can go back all the same. */
export function hooksOf(context: RegistryContext, name: string): Pick<EnvironmentConfig, 'onPromote' | 'onRollback'> {
  const { environments } = registryOf(context);
  return (Object.hasOwn(environments, name) ? environments[name] : undefined) ?? NO_HOOKS;
}

const REASON = 10;
/** Whoever goes against what was found says why. Throws bad_input. */
export function checkReason(force: boolean, reason: string): void {
  if (!force || reason.trim().length >= REASON) return;
  throw new RunyardError('bad_input', reason.trim() === '' ? 'forcing needs a reason, and none was given' : `'${reason.trim()}' is no reason`, `say why in at least ${REASON} characters: it stays in the ledger`);
}

export const graceMs = ({ parts: { grace = 60 } }: Moving): number => grace * 1000;

/** '2026-05-03 14:00 UTC' */
export const when = (t: number): string => `${new Date(t).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
export const cancelled = (): RunyardError => stopped('stopped before anything was moved');

/** Whether two clones moved the environment without knowing of each other, and no move has settled it since. */
export const isDisputed = (ledger: Pick<Ledger, 'conflicts'>, { model, environment }: Place): boolean =>
  ledger.conflicts().some((conflict) => conflict.model === model && conflict.environment === environment);
