import { EXIT, type Command } from '../command';
import { pythonOf } from '../evaluation/ask';
import { askingRegistry, orInterrupted } from '../registry/ask';
import { rollbackText } from '../registry/move-text';
import { actor } from '../registry/who';
import { needed, versionOf } from '../registry/words';

export const rollback: Command = {
  name: 'rollback',
  usage: 'NAME --environment ENV [--to VERSION]',
  summary: 'go back to the version that was live before, or to another one that was',
  more: 'It goes at once. First the old files are checked against their digest and asked the rows that were recorded at their promotion: a difference is refused, unless it is forced.',
  example: 'runyard rollback loan --environment production --reason "complaints from the north"',
  options: {
    environment: { value: 'ENV', help: 'where' },
    to: { value: 'VERSION', help: 'one that was live there (default: the one before)' },
    reason: { value: 'TEXT', help: 'why: stands in the ledger' },
    force: { help: 'even where it predicts otherwise than it did; needs a reason' },
    python: { value: 'PATH', help: 'the Python for commands (default: the one that this terminal has)' },
  },
  words: { least: 1, most: 1, what: "a model's name" },
  run: (call) => orInterrupted(async () => {
    const [model = ''] = call.positionals;
    const environment = needed(call, 'environment', { value: 'ENV', example: 'production' });
    const to = call.text('to');
    const asked = { model, environment, reason: call.text('reason') ?? '', force: call.flag('force'), ...(to !== undefined && { to: versionOf(to) }), ...await actor(call.io) };
    // Asking which Python this terminal has takes time that a way back has not: only where one is named.
    const done = await askingRegistry(call, async (client, job) => client.request('registry.rollback', { ...asked, job, ...(call.flag('python') ? await pythonOf(call, client) : {}) }));
    call.answer(done, () => call.io.out.write(rollbackText(done, { model, environment, out: call.io.out })));
    return EXIT.done;
  }),
};
