/** What would be evaluated, before it is. */
import { existsSync } from 'node:fs';
import { RunyardError } from '../../core/base/errors';
import { TASKS } from '../../protocol/evaluation/request';
import type { Inspection } from '../../protocol/evaluation/result';
import type { MethodParams } from '../../protocol/engine';
import { EXIT, type Invocation } from '../command';
import { table } from '../format';
import { visible, type Terminal } from '../terminal';
import { isDataFile, modelOf } from './model';
import { dataOf } from './request';
import { given as those, oneOf } from './words';

/** Exit status: done; wrong use where something doesn't fit. */
export async function inspect(call: Invocation): Promise<number> {
  const given = { ...call, cwd: call.io.cwd, exists: existsSync };
  const data = dataOf(given, call.positionals.filter(isDataFile));
  if (!data) throw new RunyardError('bad_input', 'there are no data to look at', 'write --inspect --data FILES, and --model FILE; an evaluation of runyard.yaml is not looked at by its name');
  const params = those({ data, model: modelOf(given), label: call.text('label'), id: call.text('id'), task: oneOf(call.text('task'), 'task', TASKS) });
  // What is given is checked at the engine's door.
  const found = await (await call.engine()).request('evaluations.inspect', params as MethodParams<'evaluations.inspect'>);
  call.answer(found, () => call.io.out.write(inspectionText(found, call.io.out)));
  return found.problems.length > 0 ? EXIT.wrongUse : EXIT.done;
}

export function inspectionText({ data, model, task, label, id, classes, problems }: Inspection, out: Terminal): string {
  const facts = [`${data.rows} rows of ${data.files.length === 1 ? (data.files[0] ?? '') : `${data.files.length} files`}`, ...(task === null ? [] : [task]), ...(label === null ? [] : [`label ${label}`]), ...(id === null ? [] : [`id ${id}`]), ...(classes.length === 0 ? [] : [`classes ${classes.join(', ')}`])];
  const feeds = new Map((model?.inputs ?? []).flatMap(({ name, columns }) => columns.map((column): [string, string] => [column, name])));
  const columns = table(
    [{ title: 'column' }, { title: 'type' }, { title: 'stored as' }, { title: 'missing', right: true }, { title: 'distinct', right: true }, { title: 'goes into' }, { title: 'such as' }],
    data.columns.map((column) => [column.name, column.type, column.stored, String(column.missing), String(column.distinct), column.name === label ? 'the label' : column.name === id ? 'the id' : (feeds.get(column.name) ?? ''), column.examples.join(', ').slice(0, 40)]), out,
  );
  const inputs = model && model.inputs.length > 0
    ? table([{ title: 'input' }, { title: 'type' }, { title: 'shape' }, { title: 'columns' }], model.inputs.map((input) => [input.name, input.type, input.shape, input.columns.join(', ')]), out) : '';
  return [
    `${visible(facts.join(', '))}\n`, columns,
    ...(model ? [`${visible(`${model.name}: ${model.kind}${model.producer === '' ? '' : ` by ${model.producer}`}`)}\n${model.notes.map((note) => `  ${visible(note)}\n`).join('')}`] : []), inputs,
    problems.map(({ message, hint }) => `${out.paint('red', 'wrong')}: ${visible(message)}${hint === '' ? '' : `: ${visible(hint)}`}\n`).join(''),
  ].filter((part) => part !== '').join('\n');
}
