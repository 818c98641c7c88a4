/** What a person says of runs: name, notes, tags, baseline, experiment. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/model';
import { readTags } from '../base/tags';
import type { Host } from '../host';
import { moveRuns } from '../views/drag';
import type { Handlers } from './parts';
import { manyRuns, oneRun } from './targets';

export function editCommands(host: Host): Handlers {
  const pin = async (args: readonly unknown[], pinned: boolean): Promise<void> => {
    const title = pinned ? 'Pin as Baseline' : 'Unpin';
    for (const row of await manyRuns(host, args, { title, accept: (one) => one.pinned !== pinned })) await host.engine.request('runs.edit', { run: row.id, pinned });
  };
  return {
    'runyard.rename': async (args) => {
      const row = await oneRun(host, args, { title: 'Rename Run' });
      if (!row) return;
      const name = await vscode.window.showInputBox({
        title: 'Rename Run', value: row.name, ignoreFocusOut: true,
        validateInput: (value) => (value.trim() === '' ? 'a run needs a name' : undefined),
      });
      if (name !== undefined && name.trim() !== row.name) await host.engine.request('runs.edit', { run: row.id, name: name.trim() });
    },
    'runyard.editNotes': async (args) => {
      const row = await oneRun(host, args, { title: 'Edit Notes' });
      if (!row) return;
      const notes = await vscode.window.showInputBox({
        title: `Notes on ${row.name}`, value: row.notes, ignoreFocusOut: true, prompt: 'What you want to remember of this run; empty takes the notes away',
      });
      if (notes !== undefined && notes !== row.notes) await host.engine.request('runs.edit', { run: row.id, notes });
    },
    'runyard.editTags': async (args) => {
      const rows = await manyRuns(host, args, { title: 'Edit Tags' });
      if (rows.length > 0) await editTags(host, rows);
    },
    'runyard.pin': (args) => pin(args, true),
    'runyard.unpin': (args) => pin(args, false),
    'runyard.move': async (args) => {
      const rows = await manyRuns(host, args, { title: 'Move to Experiment' });
      if (rows.length === 0) return;
      const experiment = await pickExperiment(host, rows);
      if (experiment !== undefined) await moveRuns(host, rows.filter((row) => row.experiment !== experiment), experiment);
    },
  };
}

/** One line for all tags: what is no longer in it is taken away, what is new or other is set. */
async function editTags(host: Host, rows: readonly RunRow[]): Promise<void> {
  const first = rows[0]?.tags ?? {};
  const shared = Object.entries(first).filter(([key, value]) => !/^(?:runyard|mlflow)\./.test(key) && rows.every((row) => row.tags[key] === value));
  const typed = await vscode.window.showInputBox({
    title: rows.length === 1 ? `Tags of ${rows[0]?.name ?? ''}` : `Tags of ${rows.length} runs`, ignoreFocusOut: true,
    value: shared.map(([key, value]) => `${key}=${value}`).join(', '), prompt: 'name=value, separated by commas; a name alone is a mark',
    validateInput: (value) => (readTags(value) ? undefined : 'each tag is name=value, or a name alone'),
  });
  const tags = typed === undefined ? undefined : readTags(typed);
  if (!tags) return;
  const deleteTags = shared.map(([key]) => key).filter((key) => !(key in tags));
  for (const row of rows) await host.engine.request('runs.edit', { run: row.id, setTags: tags, deleteTags });
}

/** One that exists, or a new one by its name. */
async function pickExperiment(host: Host, rows: readonly RunRow[]): Promise<string | undefined> {
  const { experiments } = await host.engine.request('experiments.list', {});
  const from = new Set(rows.map((row) => row.experiment));
  const others = experiments.map((one) => one.name).filter((name) => from.size > 1 || !from.has(name));
  const fresh = '$(add) New Experiment…';
  const chosen = await vscode.window.showQuickPick([...others, fresh], { title: 'Move to Experiment' });
  if (chosen !== fresh) return chosen;
  const name = await vscode.window.showInputBox({ title: 'New Experiment', ignoreFocusOut: true, validateInput: (value) => (value.trim() === '' ? 'an experiment needs a name' : undefined) });
  return name?.trim();
}
