/** Evaluations in the Test Explorer; where there is none, nothing of it is loaded and the explorer stays as it was. */
import type * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { Host } from '../host';
import type { Testing } from './controller';

export function registerTesting(host: Host): vscode.Disposable {
  let testing: Promise<Testing> | undefined;
  let ended = false;
  const load = async (): Promise<Testing> => {
    const { createTesting } = await import('./controller');
    const made = createTesting(host);
    if (ended) made.dispose();
    return made;
  };
  const refresh = async (): Promise<void> => {
    const tests = await host.evaluations.tests();
    if (ended || (tests.length === 0 && testing === undefined)) return;
    testing ??= load();
    await (await testing).show(tests);
  };
  const changes = host.evaluations.onChange(() => {
    refresh().catch((error: unknown) => host.log.warn(`the tests could not follow: ${describeError(error)}`));
  });
  return {
    dispose() {
      ended = true;
      changes.dispose();
      testing?.then((one) => one.dispose()).catch((error: unknown) => host.log.debug(describeError(error)));
    },
  };
}
