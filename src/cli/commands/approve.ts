import type { Command } from '../command';
import { EXIT } from '../command';
import { actor } from '../registry/who';
import { needed, textOf, versionOf } from '../registry/words';
import { visible } from '../terminal';

export const approve: Command = {
  name: 'approve',
  usage: 'NAME VERSION --to ENV --comment TEXT',
  summary: 'give your word, as git knows you, that a version may go to an environment, or that it must not',
  more: "The author's own word counts nothing and is refused. Your last word counts.",
  example: 'runyard approve loan 2 --to production --comment "looked at the 60K+ slice with Ana: accepted"',
  options: {
    to: { value: 'ENV', help: 'the environment that it is for' },
    comment: { value: 'TEXT', help: 'why; - is standard input' },
    reject: { help: 'it must not go there' },
    sign: { help: 'with the SSH or GPG key that git signs with' },
  },
  words: { least: 2, most: 2, what: "a model's name and a version" },
  async run(call) {
    const [model = '', word = ''] = call.positionals;
    const to = needed(call, 'to', { value: 'ENV', example: 'production' });
    const comment = textOf(needed(call, 'comment', { value: 'TEXT', example: '"what you looked at"' }));
    const client = await call.engine();
    const done = await client.request('registry.approve', { model, version: versionOf(word), to, judgement: call.flag('reject') ? 'rejected' : 'approved', comment, sign: call.flag('sign'), ...await actor(call.io) });
    call.answer(done, () => call.io.err.line(visible(`runyard: ${model} ${word} is ${done.judgement} for ${done.environment} by ${done.by.name} <${done.by.email}>${done.signed === true ? ', signed' : ''}`)));
    return EXIT.done;
  },
};
