/** Where a version came from: code, data and environment, as its run or its evaluation has them. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeError, systemCode } from '../../base/errors';
import { codeFacts, PATCH } from '../../tracking/supervisor/code';
import { paths, runsDir } from '../../tracking/run-folder';
import { canonical } from '../ledger/entry';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import type { VersionFacts } from '../../../protocol/registry';
import type { RegistryContext } from '../types';
import { digestOfFile } from './weights';

export type Lineage = Pick<VersionFacts, 'run' | 'code' | 'data' | 'environment'>;

/** Of a run that is known here as that run was; without one the workspace's code as it is now. */
export async function lineageOf(context: RegistryContext, run: string | null, evaluation: EvaluationDoc | null): Promise<Lineage> {
  const { store, workspace } = context;
  const evaluated = evaluation ? [{ name: evaluation.data.name, digest: evaluation.data.digest, rows: evaluation.data.rows, role: 'evaluation' }] : [];
  if (run === null || !store.hasRun(run)) return { run, code: await workspaceCode(context), data: evaluated, environment: null };
  const facts = store.getRun(run);
  const patch = facts.patch === null ? null : await keepPatch(workspace, path.join(paths.artifacts(path.join(runsDir(workspace), run)), facts.patch));
  const data = facts.datasets.map(({ name, digest, rows, role }) => ({ name, digest, rows, role }));
  const { python = '', packages = {} } = facts.environment;
  const count = Object.keys(packages).length;
  return {
    run, code: { commit: facts.commit, dirty: facts.dirty, patch: patch ?? facts.artifacts.find((one) => one.path === facts.patch)?.digest ?? null },
    data: [...data, ...evaluated.filter((one) => !data.some(({ digest }) => digest === one.digest))],
    environment: python === '' && count === 0 ? null : { python, packages: count, digest: createHash('sha256').update(canonical({ python, packages })).digest('hex') },
  };
}

/** What lies in .runyard, and where the ledger is shared, isn't code: registering would make the next registration's tree another one. */
async function workspaceCode({ workspace, log, loaded }: RegistryContext): Promise<VersionFacts['code']> {
  const aside = await mkdtemp(path.join(tmpdir(), 'runyard-code-'));
  try {
    const { share } = loaded().config.registry;
    const code = await codeFacts(workspace, aside, share === undefined ? [] : [share]);
    if (!code) return { commit: null, dirty: null, patch: null };
    return { commit: code.commit ?? null, dirty: code.dirty ?? null, patch: code.patch === undefined ? null : await keepPatch(workspace, path.join(paths.artifacts(aside), PATCH)) };
  } catch (error) {
    log.warn(`the code that a version is of can't be told: ${describeError(error)}`);
    return { commit: null, dirty: null, patch: null };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Below .runyard/registry/patches by its digest, so that the code can be brought back when its run is gone. Null where there is none. */
async function keepPatch(workspace: string, file: string): Promise<string | null> {
  const digest = await digestOfFile(file);
  if (digest === null) return null;
  const target = path.join(workspace, '.runyard', 'registry', 'patches', `${digest}.patch`);
  const part = `${target}.${process.pid}.part`;
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(file, part);
    await rename(part, target);
  } catch (error) {
    // The digest alone tells, too, whether a patch is the one.
    if (systemCode(error) !== 'ENOENT') await rm(part, { force: true });
  }
  return digest;
}
