/** The section serving: of runyard.yaml, read by the server itself, and followed. */
import { watchFile, unwatchFile } from 'node:fs';
import path from 'node:path';
import { describeError, RunyardError } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import { brokenIn } from '../../config/entries';
import { CONFIG_FILES, loadConfig } from '../../config/load';
import { servingSection } from '../../config/monitoring';
import type { ServerConfig } from '../server';

/** The defaults where nothing is said of the model. Throws bad_input where what is said of it is wrong. */
export function readServing(workspace: string, model: string): ServerConfig {
  const { registry, monitoring } = loadConfig(workspace).config;
  const serving = monitoring.serving[model];
  const wrong = serving ? undefined : brokenIn(monitoring.broken, 'serving').find(({ name }) => name === null || name === model);
  if (wrong) throw new RunyardError('bad_input', `${wrong.file}, line ${wrong.line}: ${wrong.message}`, 'mend it: what is logged, and rules, are not guessed');
  return { serving: serving ?? { ...servingSection.parse({}), model, line: 0, ruleLines: [] }, personal: Object.keys(registry.personal) };
}

/** What is wrong is said, and what was before goes on. */
export function followConfig(workspace: string, { model, changed, say }: { model: string; changed(config: ServerConfig): Promise<void>; say(text: string): void }): Disposable {
  const files = CONFIG_FILES.map((file) => path.join(workspace, file));
  let last = JSON.stringify(readServing(workspace, model));
  const look = (): void => {
    try {
      const config = readServing(workspace, model);
      const text = JSON.stringify(config);
      if (text === last) return;
      last = text;
      changed(config).then(() => say('runyard.yaml: other settings'), (error: unknown) => say(`runyard.yaml: ${describeError(error)}; what was before goes on`));
    } catch (error) {
      say(`runyard.yaml: ${describeError(error)}; what was before goes on`);
    }
  };
  for (const file of files) watchFile(file, { interval: 1000, persistent: false }, look);
  return { dispose() { for (const file of files) unwatchFile(file, look); } };
}
