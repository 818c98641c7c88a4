/** What can be said of a version besides its facts: aliases, words about it; and its files where another clone registered them. */
import path from 'node:path';
import { RunyardError } from '../../../core/base/errors';
import { EXIT } from '../../command';
import { bytes } from '../../format';
import { pairs } from '../../parse';
import { visible } from '../../terminal';
import { modelText } from '../models-text';
import type { Subcommand } from '../subcommand';
import { actor } from '../who';
import { plural, versionOf } from '../words';

export const alias: Subcommand = {
  name: 'alias',
  usage: 'NAME ALIAS VERSION|--delete',
  summary: 'let an alias name a version, or take it away',
  options: { delete: { help: 'take the alias away' } },
  words: { least: 2, most: 3, what: "a model's name, an alias and a version" },
  async run(call, [model = '', name = '', word]) {
    if ((word === undefined) !== call.flag('delete')) throw new RunyardError('bad_input', word === undefined ? `models alias needs the version that ${name} is to name` : `either version ${word} or --delete, not both`, 'write: runyard models alias NAME ALIAS VERSION|--delete');
    const client = await call.engine();
    const version = word === undefined ? null : versionOf(word);
    const done = await client.request('registry.alias', { model, alias: name, version, ...await actor(call.io) });
    call.answer(done, () => call.io.err.line(visible(version === null ? `runyard: ${model} has no alias ${name} any more` : `runyard: ${model}@${name} is version ${done.aliases[name] ?? word ?? ''}`)));
    return EXIT.done;
  },
};

export const describe: Subcommand = {
  name: 'describe',
  usage: 'NAME [VERSION] [--description TEXT] [--tag K=V] [--delete-tag K]',
  summary: 'say what a model or a version is; files and facts stay',
  options: {
    description: { value: 'TEXT', help: 'what people read of it' }, tag: { value: 'K=V', many: true, help: 'a tag' },
    'delete-tag': { value: 'K', many: true, help: 'take a tag away' },
  },
  words: { least: 1, most: 2, what: "a model's name" },
  async run(call, [model = '', word]) {
    const [description, setTags, deleteTags] = [call.text('description'), pairs(call.texts('tag'), 'tag'), call.texts('delete-tag')];
    if (description === undefined && Object.keys(setTags).length === 0 && deleteTags.length === 0) throw new RunyardError('bad_input', 'there is nothing to say', 'write --description TEXT, --tag K=V or --delete-tag K');
    const client = await call.engine();
    const done = await client.request('registry.describe', {
      model, ...(word !== undefined && { version: versionOf(word) }), ...(description !== undefined && { description }),
      ...(Object.keys(setTags).length > 0 && { setTags }), ...(deleteTags.length > 0 && { deleteTags }), ...await actor(call.io),
    });
    call.answer(done, () => call.io.out.write(modelText(done, Date.now(), call.io.out)));
    return EXIT.done;
  },
};

export const fetchFiles: Subcommand = {
  name: 'fetch',
  usage: 'NAME VERSION [--from DIR]',
  summary: 'bring the files of a version that another clone registered',
  options: { from: { value: 'DIR', help: 'a folder that holds them (default: the one that runyard.yaml names under registry.weights)' } },
  words: { least: 2, most: 2, what: "a model's name and a version" },
  async run(call, [model = '', word = '']) {
    const from = call.text('from');
    const client = await call.engine();
    const done = await client.request('registry.fetch', { model, version: versionOf(word), ...(from !== undefined && { from: path.resolve(call.io.cwd, from) }) });
    call.answer(done, () => {
      call.io.out.line(visible(done.folder));
      call.io.err.line(`runyard: ${plural(done.files.length, 'file')}, ${bytes(done.files.reduce((sum, { size }) => sum + size, 0))}, as registered`);
    });
    return EXIT.done;
  },
};
