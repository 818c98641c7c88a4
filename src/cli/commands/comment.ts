import { RunyardError } from '../../core/base/errors';
import type { EngineClient } from '../../engine/client/client';
import type { CommentTarget } from '../../protocol/registry';
import { EXIT, type Command, type Invocation } from '../command';
import { commentsText } from '../registry/models-text';
import { actor } from '../registry/who';
import { numberOf, textOf } from '../registry/words';

export const comment: Command = {
  name: 'comment',
  usage: '[TEXT] (--run RUN | --model NAME [--version V] [--slice S] | --slice S)',
  summary: 'say something about a run, a model, a version or a slice; without TEXT, read what was said',
  more: 'Comments stand in the ledger with who said it and when. TEXT may be - for standard input.',
  example: 'runyard comment "the 60K+ rows are from one branch" --model loan --version 2 --slice rich',
  options: {
    run: { value: 'RUN', help: 'on a run: an id, a name, @last ...' }, model: { value: 'NAME', help: 'on a model' },
    version: { value: 'V', help: 'on a version of the model: a number, an alias, an environment' }, slice: { value: 'S', help: 'on a slice, by its name' },
  },
  words: { least: 0, most: 1, what: '' },
  async run(call) {
    checkTarget(call);
    const [word] = call.positionals;
    const text = word === undefined ? null : textOf(word);
    const client = await call.engine();
    const on = await targetOf(call, client);
    const { out, err } = call.io;
    if (text !== null) {
      const made = await client.request('registry.comment', { on, text, ...await actor(call.io) });
      call.answer(made, () => err.line(`runyard: said by ${made.by.name} <${made.by.email}>`));
      return EXIT.done;
    }
    const found = await client.request('registry.comments', { on });
    call.answer(found, () => {
      out.write(commentsText(found.comments, Date.now(), out));
      if (found.comments.length === 0) err.line('Nobody said anything yet.');
    });
    return EXIT.done;
  },
};

function checkTarget(call: Invocation): void {
  const [run, model, version, slice] = ['run', 'model', 'version', 'slice'].map((option) => call.flag(option));
  if (!run && !model && !slice) throw new RunyardError('bad_input', version ? '--version needs the model that it is of' : "it isn't said what the comment is on", 'write --run RUN, --model NAME [--version V], or --slice S');
  if (run && (model || slice || version)) throw new RunyardError('bad_input', 'a comment is on a run, or on a model, a version or a slice', 'keep --run, or leave it out');
  if (version && !model) throw new RunyardError('bad_input', '--version needs the model that it is of', 'write --model NAME --version V');
}

async function targetOf(call: Invocation, client: EngineClient): Promise<CommentTarget> {
  const [run, model, version, slice] = ['run', 'model', 'version', 'slice'].map((option) => call.text(option));
  return {
    ...(run !== undefined && { run: (await client.request('runs.get', { run })).id }), ...(model !== undefined && { model }), ...(slice !== undefined && { slice }),
    ...(model !== undefined && version !== undefined && { version: await numberOf(client, model, version) }),
  };
}
