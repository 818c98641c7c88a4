/** What is asked of serving logs. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../base/errors';
import { brokenIn } from '../../config/entries';
import type { MonitoringHandlers } from '../service/handlers';
import type { MonitoringContext } from '../types';
import { partsOf, servingRoot } from './place';

export function logging({ workspace, ask, loaded }: Pick<MonitoringContext, 'workspace' | 'ask' | 'loaded'>): Pick<MonitoringHandlers, 'serving.logs'> {
  return {
    async 'serving.logs'({ model }) {
      const models = model === undefined ? await modelsWithLogs(workspace) : [partsOf(model).join('@')];
      const { logs } = models.length === 0 ? { logs: [] } : await ask('servingLogs', { models });
      return { logs, broken: brokenIn(loaded().config.monitoring.broken, 'serving').filter(({ name }) => model === undefined || name === null || name === model) };
    },
  };
}

async function modelsWithLogs(workspace: string): Promise<string[]> {
  const root = servingRoot(workspace);
  const found: string[] = [];
  for (const name of await foldersIn(root)) for (const environment of await foldersIn(path.join(root, name))) found.push(`${name}@${environment}`);
  return found.sort();
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
