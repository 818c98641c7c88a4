/** The evaluation form: which model, on which data, against which label; then all of it at a glance, with each part still to be changed. */
import * as vscode from 'vscode';
import { TASKS, type ModelSpec } from '../../../protocol/evaluation/request';
import type { Inspection } from '../../../protocol/evaluation/result';
import { BACK, pickStep, textStep, type Answer } from '../../base/steps';
import type { Host } from '../../host';
import { columnRows, DATA_KINDS, dataRows, dataWords, idRows, modelRows, placeOf } from './choices';
import { likelyLabel, modelWords, readColumns, readCommand, requestOf, reviewRows, withInput, type Draft, type ReviewRow } from './draft';

export type Filled = { configured: string } | { draft: Draft };
type Question = (draft: Draft, back: boolean) => Promise<Answer<Draft | { configured: string }>>;

const TITLE = 'Evaluate Model';

/** Asks for what `start` leaves open, then shows it; nothing where the person turned away. @throws RunyardError where the data can't be read */
export async function evaluationForm(host: Host, start: Draft): Promise<Filled | undefined> {
  const inspect = inspector(host);
  const questions: Question[] = [
    ...(start.model === undefined ? [askModel(host)] : []),
    ...(start.files.length === 0 ? [askData(host)] : []),
    askPredictions(inspect), askLabel(inspect), (draft) => review(host, draft, inspect),
  ];
  const drafts = [start];
  let at = 0;
  while (at < questions.length) {
    const draft = drafts[at] ?? start;
    const answer = await questions[at]?.(draft, at > 0);
    if (answer === undefined) return undefined;
    if (answer === BACK) {
      // A question that had nothing to ask is passed over on the way back too.
      do at -= 1; while (at > 0 && drafts[at] === drafts[at + 1]);
      continue;
    }
    if ('configured' in answer) return answer;
    drafts[at += 1] = answer;
  }
  return { draft: drafts[at] ?? start };
}

type Inspect = (draft: Draft) => Promise<Inspection>;

/** The same question is asked once. */
function inspector(host: Host): Inspect {
  const known = new Map<string, Promise<Inspection>>();
  return ({ files, model, label, id, task }) => {
    const asked = { data: { files: [...files] }, ...(model && !isOpen(model) ? { model } : {}), ...(label === undefined ? {} : { label }), ...(id === undefined ? {} : { id }), ...(task === undefined ? {} : { task }) };
    const key = JSON.stringify(asked);
    const before = known.get(key);
    if (before) return before;
    const answer = host.engine.request('evaluations.inspect', asked);
    known.set(key, answer);
    return answer;
  };
}

/** Predictions whose column is still to be chosen. */
const isOpen = (model: ModelSpec): boolean => model.predictions !== undefined && model.predictions.column === undefined && model.predictions.probabilities === undefined;

const askModel = (host: Host): Question => async (draft, back) => {
  const model = await chooseModel(host, { title: TITLE, configured: true, none: false, back });
  if (model === BACK || model === undefined) return model;
  return 'configured' in model ? model : { ...draft, model: model.model };
};

interface Choosing { title: string; configured: boolean; none: boolean; back: boolean }

async function chooseModel(host: Host, { title, configured, none, back }: Choosing): Promise<Answer<{ configured: string } | { model: ModelSpec | undefined }>> {
  const chosen = await pickStep({ title, placeholder: configured ? 'A model, or an evaluation of runyard.yaml' : 'A model', items: modelRows(host, { configured, none }), back });
  if (chosen === undefined || chosen === BACK) return chosen;
  if (chosen.kind === 'configured') return { configured: chosen.name };
  if (chosen.kind === 'model') return { model: chosen.model };
  if (chosen.kind === 'none') return { model: undefined };
  if (chosen.kind === 'predictions') return { model: { predictions: {} } };
  if (chosen.kind === 'browse') {
    const file = await browse(host, 'Choose a Model', { 'ONNX models': ['onnx'] });
    return file === undefined ? undefined : { model: { file } };
  }
  const typed = await textStep({
    title, value: '', placeholder: 'python score.py', back: true,
    prompt: 'Rows go in as JSON lines, predictions come out as JSON lines; {rows} and {predictions} among the words are names of Parquet files instead',
    check: (value) => (readCommand(value).length > 0 ? {} : { wrong: 'name a program' }),
  });
  return typed === undefined || typed === BACK ? typed : { model: { command: readCommand(typed) } };
}

const askData = (host: Host): Question => async (draft, back) => {
  const chosen = await pickStep({ title: `${TITLE}: ${modelWords(draft.model)}`, placeholder: 'Data with the right answers in a column', items: dataRows(host), back });
  if (chosen === undefined || chosen === BACK) return chosen;
  const file = typeof chosen === 'string' ? chosen : await browse(host, 'Choose Data', { Data: DATA_KINDS });
  return file === undefined ? undefined : { ...draft, files: [file], label: undefined, id: undefined };
};

async function browse(host: Host, title: string, filters: Record<string, string[]>): Promise<string | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ title, filters, ...(host.folder ? { defaultUri: host.folder.uri } : {}) })) ?? [];
  return uri && placeOf(host, uri);
}

const askPredictions = (inspect: Inspect): Question => async (draft, back) => {
  if (draft.model === undefined || !isOpen(draft.model)) return draft;
  const found = await inspect(draft);
  const likely = (name: string): boolean => /pred|score|prob/i.test(name);
  const column = await pickStep({ title: `${TITLE}: predictions`, placeholder: 'The column that holds the predicted label or number', items: columnRows(found.data.columns, (one) => likely(one.name)), back });
  if (column === undefined || column === BACK) return column;
  return { ...draft, model: { predictions: { column } } };
};

const askLabel = (inspect: Inspect): Question => async (draft, back) => {
  if (draft.label !== undefined) return draft;
  const found = inspect(draft);
  const items = found.then((known) => columnRows(known.data.columns, ({ name }) => likelyLabel(known)(name)));
  const placeholder = 'The column that holds the right answer';
  const label = await pickStep({ title: `${TITLE}: ${draft.files.join(', ')}`, placeholder, items, back });
  if (label === undefined || label === BACK) return label;
  return { ...draft, label, id: (await found).id ?? undefined };
};

async function review(host: Host, first: Draft, inspect: Inspect): Promise<Answer<Draft>> {
  let draft = first;
  let active = 'run';
  for (;;) {
    const shown = draft;
    const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Runyard: looking at model and data' }, () => inspect(shown));
    const rows = reviewRows(draft, found);
    const items = rows.map((row) => (row.kind === 'separator' ? { label: row.label, kind: vscode.QuickPickItemKind.Separator } : { ...row, kind: undefined, value: row }));
    const last = active;
    const row: Answer<ReviewRow> = await pickStep<ReviewRow>({
      title: `${TITLE}: ${modelWords(draft.model)}, ${dataWords(found.data)}`, placeholder: 'The first row evaluates; choose another one to change it', items, back: true,
      active: (one) => keyOf(one) === last,
    });
    if (row === undefined || row === BACK) return row;
    // What can't be run isn't begun: the first problem that can be solved here is next.
    const problem = row.kind === 'run' ? rows.find((one) => one.kind === 'problem' && one.input !== undefined) : undefined;
    if (row.kind === 'run' && !problem) return requestOf(draft) === undefined ? BACK : draft;
    active = keyOf(row);
    const changed = await change(host, draft, found, problem ?? row);
    if (changed === undefined) return undefined;
    if (changed !== BACK) draft = changed;
  }
}

/** Tells a row from the others, whatever it says now. */
const keyOf = (row: ReviewRow): string => (row.kind === 'input' ? `input ${row.input}` : row.kind);

/** One part of it, asked again. */
async function change(host: Host, draft: Draft, found: Inspection, row: ReviewRow): Promise<Answer<Draft>> {
  const title = TITLE;
  if (row.kind === 'label') {
    const label = await pickStep({ title, placeholder: 'The column that holds the right answer', items: columnRows(found.data.columns, (one) => one.name === draft.label), back: true });
    return typeof label === 'string' ? { ...draft, label, task: undefined, positive: undefined } : label;
  }
  if (row.kind === 'id') {
    const id = await pickStep({ title, placeholder: 'A column whose values are all different', items: idRows(found.data), back: true });
    return id === undefined || id === BACK ? id : { ...draft, id: typeof id === 'string' ? id : undefined };
  }
  if (row.kind === 'task') {
    const task = await pickStep({ title, placeholder: 'What the model does', items: TASKS.map((value) => ({ label: value, value })), back: true });
    return task === undefined || task === BACK ? task : { ...draft, task, positive: undefined };
  }
  if (row.kind === 'positive') {
    const positive = await pickStep({ title, placeholder: 'The class that is looked for', items: found.classes.map((value) => ({ label: value, value })), back: true });
    return typeof positive === 'string' ? { ...draft, positive } : positive;
  }
  if (row.kind === 'baseline') {
    const baseline = await chooseModel(host, { title: `${title}: compare with`, configured: false, none: true, back: true });
    return baseline === undefined || baseline === BACK || 'configured' in baseline ? BACK : { ...draft, baseline: baseline.model };
  }
  return (row.kind === 'input' || row.kind === 'problem') && row.input !== undefined ? changeInput(draft, found, row.input) : BACK;
}

async function changeInput(draft: Draft, found: Inspection, input: string): Promise<Answer<Draft>> {
  const facts = found.model?.inputs.find((one) => one.name === input);
  if (!facts || !draft.model) return BACK;
  const model = draft.model;
  const title = `${input}: ${facts.type} ${facts.shape}`;
  const names = found.data.columns.map((one) => one.name);
  if (facts.columns.length > 1 || /,\s*(?!1\])\S+\]$/.test(facts.shape)) {
    const typed = await textStep({
      title, value: facts.columns.join(', '), back: true, prompt: 'Columns in the order in which the model takes them',
      check(value) {
        const read = readColumns(value, names);
        return 'wrong' in read ? { wrong: read.wrong } : { known: `${read.columns.length} columns` };
      },
    });
    const read = typeof typed === 'string' ? readColumns(typed, names) : undefined;
    return read && 'columns' in read ? { ...draft, model: withInput(model, input, read.columns) } : BACK;
  }
  const column = await pickStep({ title, placeholder: 'The column that goes in', items: columnRows(found.data.columns, (one) => facts.columns.includes(one.name)), back: true });
  return typeof column === 'string' ? { ...draft, model: withInput(model, input, [column]) } : column;
}
