/** The way in: what one spool file said, taken in as one transaction. */
import type { SpoolEvent } from '../../protocol/spool';
import type { Context } from './context';
import * as facts from './facts';
import { refreshGroup } from './groupkey';
import { gatherPoint, gatherSummary, storeMetrics, type Gathered } from './metrics';
import { createExperiment, experimentNamed } from './experiments';
import { addModelMetrics, addRunModel, hearLoggedModel } from './models';
import { changeState, changeTag, clientState, deleteTag, markStarted, moveRun, setParam, setTag } from './runs';
import type { Batch } from './store';

export function offset(context: Context, run: string, file: string): { offset: number; lines: number } {
  return context.db.prepare('SELECT offset, lines FROM spools WHERE run = ? AND file = ?').get<{ offset: number; lines: number }>(context.runRow(run), file) ?? { offset: 0, lines: 0 };
}

/**
 * Takes in a batch with its offset, all or nothing. A batch that ends at or before the offset has been taken in: nothing changes.
 * Throws not_found, disk_full (then nothing of the batch is stored and it can be applied again).
 */
export function applyBatch(context: Context, batch: Batch): void {
  context.write(() => {
    const row = context.runRow(batch.run);
    if (batch.to > 0 && batch.to <= offset(context, batch.run, batch.file).offset) return;
    const gathered: Gathered = new Map();
    let paramsChanged = false;
    for (const event of batch.events) {
      // The one that comes by the million is looked at first.
      if (event.e === 'm') {
        gatherPoint(gathered, event);
        addModelMetrics(context, row, event);
      }
      else if (event.e === 'summary') gatherSummary(gathered, event);
      else {
        paramsChanged ||= event.e === 'p';
        applyEvent(context, row, event);
      }
    }
    storeMetrics(context, row, gathered);
    if (paramsChanged) refreshGroup(context, row);
    for (const problem of batch.problems) facts.addProblem(context, row, problem);
    context.db.prepare('INSERT INTO spools (run, file, offset, lines) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset, lines = excluded.lines').run(row, batch.file, batch.to, batch.lines);
  });
}

function applyEvent(context: Context, row: number, event: Exclude<SpoolEvent, { e: 'm' | 'summary' }>): void {
  switch (event.e) {
    case 'p':
      for (const [name, value] of Object.entries(event.p)) setParam(context, row, name, value);
      return;
    case 'tag':
      for (const name of event.del ?? []) deleteTag(context, row, name);
      for (const [name, value] of Object.entries(event.set ?? {})) setTag(context, row, name, value);
      return;
    case 'dataset': facts.setDataset(context, row, event.dataset); return;
    case 'artifact': facts.addArtifact(context, row, event); return;
    case 'env': facts.mergeEnvironment(context, row, event); return;
    case 'code': facts.setCode(context, row, event); return;
    case 'res': facts.addResources(context, row, event); return;
    case 'started': markStarted(context, row, event.t); return;
    case 'model': addRunModel(context, row, event); return;
    case 'logged_model': hearLoggedModel(context, row, event); return;
    case 'experiment':
      if (!experimentNamed(context, event.name)) createExperiment(context, { name: event.name, created: event.t, tags: event.tags, location: event.artifact_location });
      return;
    case 'state':
      if (event.client) clientState(context, row, event);
      else changeState(context, row, event);
      return;
    case 'edit': applyEdit(context, row, event); return;
    // Traces are records, heard by who keeps them; a line for people lies in the spool.
    case 'trace': case 'log': return;
  }
}

function applyEdit(context: Context, row: number, edit: Extract<SpoolEvent, { e: 'edit' }>): void {
  const set = (column: 'name' | 'notes' | 'pinned' | 'trashed', value: string | number | null): void => { context.db.prepare(`UPDATE runs SET ${column} = ? WHERE id = ?`).run(value, row); };
  if (edit.name !== undefined) set('name', edit.name);
  if (edit.notes !== undefined) set('notes', edit.notes);
  // MLflow keeps both as tags and searches by these: where a client has said them, they stay the same.
  if (edit.name !== undefined) changeTag(context, row, 'mlflow.runName', edit.name);
  if (edit.notes !== undefined) changeTag(context, row, 'mlflow.note.content', edit.notes);
  if (edit.pinned !== undefined) set('pinned', Number(edit.pinned));
  if (edit.trashed !== undefined) set('trashed', edit.trashed ? edit.t : null);
  if (edit.experiment !== undefined) moveRun(context, row, edit.experiment);
}
