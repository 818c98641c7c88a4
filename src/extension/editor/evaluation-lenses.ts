/** Over each evaluation and slice that runyard.yaml names: Evaluate, and how it came out last. */
import * as vscode from 'vscode';
import { scanEntries, type Entry } from '../evaluation/yaml';
import { evaluationLens, newestByName, sliceLens } from '../evaluation/words';
import type { Host } from '../host';
import { switchedOn } from './facts';

export function registerEvaluationLenses(host: Host): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: '**/runyard.{yaml,yml}' }, {
    onDidChangeCodeLenses: host.evaluations.onChange,
    async provideCodeLenses(document) {
      const own = host.folder !== undefined && vscode.workspace.asRelativePath(document.uri, false) === document.uri.path.split('/').at(-1);
      const entries = own && switchedOn('codeLens') ? scanEntries(document.getText()) : [];
      if (entries.length === 0 || !(await host.hasStore())) return [];
      const [tests, { evaluations }] = await Promise.all([host.evaluations.tests(), host.evaluations.list()]);
      const newest = newestByName(evaluations);
      return entries.flatMap((entry) => {
        const lens = lensAt(entry);
        if (entry.section === 'evaluations') {
          const last = newest.get(entry.name);
          return [
            lens('$(play) Evaluate', 'runyard.evaluate', 'Evaluate the model on its data; what was evaluated before is shown at once', entry.name),
            ...(last ? [
              lens(evaluationLens(last), 'runyard.openEvaluation', 'Show the evaluation', last.id),
              lens('Find Slices', 'runyard.findSlices', 'Search for slices in which the model does badly', last.id),
            ] : []),
          ];
        }
        const about = tests.filter((one) => one.kind === 'slice' && one.name === entry.name);
        const words = sliceLens(about);
        const names = [...new Set(about.map((one) => one.evaluation))];
        const shown = names.map((name) => newest.get(name)).find((one) => one !== undefined);
        return [
          ...(names.length > 0 ? [lens('$(play) Evaluate', 'runyard.evaluate', `Evaluate ${names.join(', ')}`, names.length === 1 ? names[0] : names)] : []),
          ...(words !== undefined && shown ? [lens(words, 'runyard.openEvaluation', `Show ${shown.name}`, shown.id)] : []),
        ];
      });
    },
  });
}

const lensAt = ({ line }: Entry) => (title: string, command: string, tooltip: string, ...rest: unknown[]): vscode.CodeLens =>
  new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, tooltip, arguments: rest });
