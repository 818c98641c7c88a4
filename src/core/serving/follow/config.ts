/** The section serving: of runyard.yaml, read by the server itself, and followed. */
import { watchFile, unwatchFile } from 'node:fs';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { describeError, RunyardError, systemCode } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import { CONFIG_FILES, loadConfig } from '../../config/load';
import { servingSection } from '../../config/monitoring';
import type { ServerConfig } from '../server';

/** The defaults where nothing is said of the model. Throws bad_input where what is said of it is wrong. */
export function readServing(workspace: string, model: string): ServerConfig {
  const { config, problems, file } = loadConfig(workspace);
  const serving = config.monitoring.serving[model];
  if (!serving && file !== null && mentioned(path.join(workspace, file), model)) {
    const problem = problems.find(({ severity, message }) => severity === 'error' && message.includes('serving')) ?? problems.find(({ severity }) => severity === 'error');
    throw new RunyardError('bad_input', problem ? `${problem.file}, line ${problem.line}: ${problem.message}` : `${file}: the section serving: of ${model} can't be used`, 'mend it: what is logged, and rules, are not guessed');
  }
  return { serving: serving ?? { ...servingSection.parse({}), model, line: 0, ruleLines: [] }, personal: Object.keys(config.registry.personal) };
}

/** Whether the file says anything of it, right or wrong; or can't be read at all. */
function mentioned(file: string, model: string): boolean {
  try {
    const document = parseDocument(readFileSync(file, 'utf8'), { prettyErrors: false });
    return document.errors.length > 0 || document.hasIn(['serving', model]);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
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
