/** The form of a new slice: what it is called, which rows are in it, and what is expected of them. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { MethodParams } from '../../protocol/engine';
import { BACK, pickStep, textStep, type Answer } from '../base/steps';
import type { Host } from '../host';
import { newestByName } from '../evaluation/words';
import { readThresholds, sliceRows, type SliceDraft, type SliceField } from './slice-rows';

export type SliceParams = MethodParams<'evaluations.saveSlice'>;

/** What is to be saved; nothing where the person turned away. */
export async function sliceForm(host: Host, start: Partial<SliceDraft>): Promise<SliceParams | undefined> {
  let draft: SliceDraft = { name: '', where: '', owner: '', minSupport: '', thresholds: '', ...start };
  // Without these two there is nothing to save: they are asked for first.
  for (const field of ['where', 'name'] as const) {
    if (draft[field] !== '') continue;
    const asked = await askField(host, draft, field);
    if (asked === undefined) return undefined;
    draft = asked;
  }
  let active: SliceField | 'save' = 'save';
  for (;;) {
    const rows = sliceRows(draft);
    const last: SliceField | 'save' = active;
    const chosen: Answer<SliceField | 'save'> = await pickStep<SliceField | 'save'>({
      title: 'New Slice', placeholder: 'The first row saves it into runyard.yaml; choose another one to change it', items: rows, back: false, active: (one) => one === last,
    });
    if (chosen === undefined || chosen === BACK) return undefined;
    if (chosen === 'save') return paramsOf(draft);
    active = chosen;
    draft = (await askField(host, draft, chosen)) ?? draft;
  }
}

const TEXTS: Readonly<Record<SliceField, { prompt: string; placeholder: string }>> = {
  name: { prompt: 'What it is called: in tests, in the table, in reports', placeholder: 'young-north' },
  where: { prompt: 'Which rows are in it: plain SQL over the columns of a row', placeholder: "age < 30 and region = 'north'" },
  owner: { prompt: 'Who is asked when it fails; may be empty', placeholder: 'ana' },
  minSupport: { prompt: 'With fewer rows nobody can tell; empty is 30', placeholder: '100' },
  thresholds: { prompt: 'What is expected of it; several are parted by commas, empty expects nothing', placeholder: 'accuracy >= 0.8, accuracy_diff >= -0.05' },
};

async function askField(host: Host, draft: SliceDraft, field: SliceField): Promise<SliceDraft | undefined> {
  const typed = await textStep({ title: 'New Slice', value: draft[field], ...TEXTS[field], check: (value) => check(host, field, value.trim()) });
  return typeof typed === 'string' ? { ...draft, [field]: typed.trim() } : undefined;
}

async function check(host: Host, field: SliceField, value: string): Promise<{ wrong?: string; known?: string }> {
  if (field === 'where') return value === '' ? { wrong: 'say which rows are in it' } : checkPredicate(host, value);
  if (field === 'name') return value === '' ? { wrong: 'a slice needs a name' } : {};
  if (field === 'minSupport') return value === '' || /^\d{1,9}$/.test(value) ? {} : { wrong: 'a whole number of rows' };
  if (field !== 'thresholds' || value === '') return {};
  const read = readThresholds(value);
  return 'wrong' in read ? { wrong: read.wrong } : {};
}

/** Over the rows of the newest evaluation: how many are in it, or what is wrong. Where nothing was evaluated yet the engine tells when it is saved. */
async function checkPredicate(host: Host, where: string): Promise<{ wrong?: string; known?: string }> {
  const { evaluations } = await host.evaluations.list();
  const newest = [...newestByName(evaluations).values()].sort((a, b) => b.created - a.created)[0];
  if (!newest) return {};
  try {
    const { total } = await host.engine.request('evaluations.rows', { evaluation: newest.id, selection: { where }, sort: 'order', columns: [], limit: 1 });
    return { known: `${total.toLocaleString('en-US')} of ${newest.rows.toLocaleString('en-US')} rows of ${newest.data}` };
  } catch (error) {
    // The hint is for who sees no box to mend it in.
    return { wrong: error instanceof Error ? error.message : describeError(error) };
  }
}

function paramsOf({ name, where, owner, minSupport, thresholds }: SliceDraft): SliceParams {
  const read = thresholds === '' ? undefined : readThresholds(thresholds);
  return {
    name, where, ...(owner === '' ? {} : { owner }), ...(minSupport === '' ? {} : { minSupport: Number(minSupport) }),
    ...(read && 'thresholds' in read ? { thresholds: read.thresholds } : {}),
  };
}

/** Whether one of that name may be written over. */
export async function mayReplace(name: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(`Runyard: runyard.yaml has a slice '${name}' already.`, { modal: true }, 'Replace It')) !== undefined;
}
