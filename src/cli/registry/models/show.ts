import { EXIT } from '../../command';
import { modelText, versionText } from '../models-text';
import type { Subcommand } from '../subcommand';
import { versionOf } from '../words';

export const show: Subcommand = {
  name: 'show',
  usage: 'NAME [VERSION]',
  summary: 'a model and its versions, or all that is known of one',
  words: { least: 1, most: 2, what: "a model's name" },
  async run(call, [model = '', version]) {
    const client = await call.engine();
    const { out } = call.io;
    if (version === undefined) {
      const detail = await client.request('registry.model', { model });
      call.answer(detail, () => out.write(modelText(detail, Date.now(), out)));
    } else {
      const detail = await client.request('registry.version', { model, version: versionOf(version) });
      call.answer(detail, () => out.write(versionText(detail, Date.now(), out)));
    }
    return EXIT.done;
  },
};
