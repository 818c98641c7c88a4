import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunyardError, systemCode } from '../../core/base/errors';
import type { Command, Invocation } from '../command';
import { pythonOf } from '../evaluation/ask';
import { askingRegistry, orInterrupted } from '../registry/ask';
import { gateMarkdown } from '../registry/gate-markdown';
import { gateText } from '../registry/gate-text';
import { actor } from '../registry/who';
import { needed, versionOf } from '../registry/words';
import { statusOf } from './evaluate';

export const gate: Command = {
  name: 'gate',
  usage: 'NAME VERSION --to ENV',
  summary: 'say whether a version may go to an environment: every gate on the way, with its evidence',
  more: 'Nothing moves. What evidence is missing is computed; what is kept is taken.\nExit status: 0 pass, 1 a gate fails, 3 cannot tell.',
  example: 'runyard gate loan latest --to production --markdown report.md',
  options: {
    to: { value: 'ENV', help: 'the environment of runyard.yaml, such as production' },
    markdown: { value: 'FILE', help: 'write the report for a pull request; - is standard output, in place of the text' },
    fresh: { help: 'evaluate again, whatever is kept' },
    python: { value: 'PATH', help: 'the Python for commands (default: the one that this terminal has)' },
  },
  words: { least: 2, most: 2, what: "a model's name and a version" },
  run: (call) => orInterrupted(async () => {
    const [model = '', word = ''] = call.positionals;
    const to = needed(call, 'to', { value: 'ENV', example: 'production' });
    const markdown = call.text('markdown');
    if (markdown === '-' && call.json) throw new RunyardError('bad_input', '--json and --markdown - both go to standard output', 'write --markdown report.md');
    const by = await actor(call.io);
    const { report, detail } = await askingRegistry(call, async (client, job) => {
      const found = await client.request('registry.gate', { model, version: versionOf(word), to, job, fresh: call.flag('fresh'), ...by, ...await pythonOf(call, client) });
      return { report: found, detail: markdown === undefined ? null : await client.request('registry.version', { model, version: found.version }) };
    });
    if (markdown !== undefined && markdown !== '-') keep(call, markdown, gateMarkdown(report, detail));
    call.answer(report, () => call.io.out.write(markdown === '-' ? gateMarkdown(report, detail) : gateText(report, call.io.out)));
    return statusOf(report.outcome);
  }),
};

function keep({ io }: Invocation, file: string, text: string): void {
  try {
    writeFileSync(path.resolve(io.cwd, file), text);
  } catch (error) {
    throw new RunyardError('refused', `${file} can't be written (${systemCode(error)})`, 'name a file in a folder that is there', { cause: error });
  }
}
