/** A person's JavaScript metrics, in a thread of their own: it can be stopped whatever it does. */
import { Worker } from 'node:worker_threads';
import { RunyardError } from '../../../base/errors';
import { createExchange, type Asked } from './exchange';
import type { CustomPlace } from './place';

/** What the thread runs. A function is given the rows only where it takes a fourth argument. */
const program = String.raw`
const { parentPort } = require('node:worker_threads');
const { pathToFileURL, fileURLToPath } = require('node:url');
const metrics = [];
const fault = (error, file) => {
  const stack = String((error && error.stack) || '');
  const url = pathToFileURL(file).href.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&');
  const at = new RegExp(url + '(?:\\?[^:]*)?:(\\d+)').exec(stack);
  const what = error instanceof Error ? error.name + ': ' + error.message : String(error);
  return { what, line: at ? Number(at[1]) : null };
};
const shown = (value) => { const text = typeof value === 'string' ? JSON.stringify(value) : String(value); return (text.length > 60 ? text.slice(0, 57) + '...' : text) + ' (' + typeof value + ')'; };
const figure = (value) => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint' || typeof value === 'boolean') value = Number(value);
  if (typeof value !== 'number') throw Object.assign(new Error('it returned ' + shown(value) + ' where a number is expected'), { plain: true });
  return Number.isFinite(value) ? value : null;
};
async function answer(asked) {
  if (asked.metrics) {
    for (const one of asked.metrics) {
      try {
        const module = await import(pathToFileURL(one.file).href);
        const found = module[one.function] ?? (module.default && module.default[one.function]);
        if (typeof found !== 'function') throw Object.assign(new Error('there is no function ' + one.function + '; there is ' + (Object.keys(module).join(', ') || 'none at all')), { plain: true });
        metrics.push({ ...one, found });
      } catch (error) {
        return { fault: { ...fault(error, one.file), ...(error && error.plain && { what: error.message, line: null }), metric: one.name } };
      }
    }
    return { rows: metrics.some(({ found }) => found.length > 3) };
  }
  const values = [];
  for (const one of metrics) {
    try {
      values.push(figure(await one.found(asked.truth.slice(), asked.predicted.slice(), asked.score && asked.score.slice(), one.found.length > 3 ? asked.rows : null)));
    } catch (error) {
      return { fault: { ...fault(error, one.file), ...(error && error.plain && { what: error.message, line: null }), metric: one.name } };
    }
  }
  return { values };
}
parentPort.on('message', (asked) => { answer(asked).then((found) => parentPort.postMessage(found)); });
`;

/** Questions are structured clones; the place's workspace isn't the thread's folder, which it shares with the whole process. */
export function startThread(of: string, place: CustomPlace): Asked {
  // What their code prints goes nowhere: the evaluator's own output is not theirs to write.
  const worker = new Worker(program, { eval: true, stdout: true, stderr: true, execArgv: [] });
  worker.stdout.resume();
  worker.stderr.resume();
  const exchange = createExchange(of, place, { post: (question) => worker.postMessage(question), kill: () => { void worker.terminate(); } });
  worker.on('message', (answer) => exchange.answered(answer));
  worker.on('error', (error) => exchange.ended(new RunyardError('bad_input', `${of}: ${error instanceof Error ? error.message : String(error)}`, 'mend the function, then try again')));
  worker.on('exit', (code) => exchange.ended(new RunyardError('bad_input', `${of}: its thread ended with ${code}`, 'a metric returns a number and ends nothing')));
  return exchange;
}
