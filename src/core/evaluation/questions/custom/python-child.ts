/** A Python process that answers questions, one after another, in lines of JSON. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RunyardError } from '../../../base/errors';
import { endWithUs } from '../../../base/guard';
import { createExchange, type Asked } from './exchange';
import type { CustomPlace } from './place';

/** `of`: what it is run for, for messages, with the process's last words where it ends by itself. Without an interpreter: unsupported. */
export function startPython(program: string, of: string, place: CustomPlace): Asked {
  const { workspace, python } = place;
  if (python === null) throw new RunyardError('unsupported', `${of} needs Python, and none was found`, 'install Python 3, or say which one to use in the settings');
  const child = spawn(python, ['-c', program], {
    cwd: workspace, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true,
    env: { ...process.env, PYTHONUTF8: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  endWithUs(child, { group: false });
  let words = '';
  const exchange = createExchange(of, place, {
    post: (question) => { child.stdin.write(`${JSON.stringify(question)}\n`); },
    kill: () => { child.kill('SIGKILL'); },
  });
  const ended = (why: string): void => {
    const last = words.trim().split('\n').at(-1);
    exchange.ended(new RunyardError('bad_input', `${of}: Python ended (${why})${last ? `: ${last}` : ''}`, `it was run as ${python}`));
  };
  child.on('error', (error) => ended(error.message));
  child.on('close', (code, signal) => ended(signal ?? `exit status ${code ?? 'unknown'}`));
  // A pipe that breaks is told by the process's end, which knows why.
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (text) => { words = (words + String(text)).slice(-4000); });
  createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', (line) => exchange.answered(JSON.parse(line)));
  return exchange;
}
