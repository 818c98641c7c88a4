import { RunyardError } from '../../../core/base/errors';
import type { EngineClient } from '../../../engine/client/client';
import { EXIT, type Invocation } from '../../command';
import { bytes } from '../../format';
import { pairs } from '../../parse';
import { visible } from '../../terminal';
import { askingRegistry, orInterrupted } from '../ask';
import type { Subcommand } from '../subcommand';
import { actor } from '../who';
import { placeOf, plural } from '../words';

export const register: Subcommand = {
  name: 'register',
  usage: 'NAME (--file F | --run RUN --artifact PATH | --evaluation ID)',
  summary: 'keep a model as the next version, which never changes',
  options: {
    file: { value: 'F', help: 'a file or a folder' },
    run: { value: 'RUN', help: 'of a run: an id, a name, @last ...' },
    artifact: { value: 'PATH', help: "the model among the run's artifacts" },
    evaluation: { value: 'ID', help: 'the model of an evaluation that is kept' },
    description: { value: 'TEXT', help: 'what people read of it' },
    licence: { value: 'NAME', help: 'such as Apache-2.0' },
    tag: { value: 'K=V', many: true, help: 'a tag' },
  },
  words: { least: 1, most: 1, what: "a model's name" },
  run: (call, [model = '']) => orInterrupted(async () => {
    checkSource(call);
    const about = { model, description: call.text('description') ?? '', licence: call.text('licence') ?? '', tags: pairs(call.texts('tag'), 'tag'), ...await actor(call.io) };
    const done = await askingRegistry(call, async (client) => client.request('registry.register', { ...about, ...await sourceOf(call, client) }));
    call.answer(done, () => {
      const { out, err } = call.io;
      out.line(visible(`${done.model} ${done.version}`));
      for (const note of done.notes ?? []) err.line(`${err.paint('yellow', 'warning')}: ${visible(note)}`);
      err.line(done.existing ? visible(`runyard: ${done.model} ${done.version} has these very bytes already: nothing new was made`) : `runyard: ${plural(done.facts.files.length, 'file')}, ${bytes(done.facts.size)}, ${done.digest.slice(0, 16)}`);
    });
    return EXIT.done;
  }),
};

/** Throws bad_input unless exactly one source is named. */
function checkSource(call: Invocation): void {
  const named = ['file', 'run', 'evaluation'].filter((option) => call.flag(option));
  const way = 'write --file F, or --run RUN --artifact PATH, or --evaluation ID';
  if (named.length === 0) throw new RunyardError('bad_input', call.flag('artifact') ? '--artifact needs the run that it is of' : 'there is nothing to register', way);
  if (named.length > 1) throw new RunyardError('bad_input', `--${named.join(' and --')} name a model each`, 'keep one');
  if (call.flag('artifact') !== call.flag('run')) throw new RunyardError('bad_input', call.flag('run') ? '--run needs --artifact PATH, the model among its artifacts' : '--artifact belongs to --run', way);
}

/** Runs and evaluations may be named as everywhere; the version keeps their ids. */
async function sourceOf(call: Invocation, client: EngineClient): Promise<{ file: string } | { run: string; artifact: string } | { evaluation: string }> {
  const [file, run, evaluation] = ['file', 'run', 'evaluation'].map((option) => call.text(option));
  if (file !== undefined) return { file: placeOf(call, file) };
  if (run !== undefined) return { run: (await client.request('runs.get', { run })).id, artifact: call.text('artifact') ?? '' };
  return { evaluation: (await client.request('evaluations.get', { evaluation: evaluation ?? '' })).id };
}
