/** A found slice made one of runyard.yaml's. */
import { RunyardError } from '../../core/base/errors';
import type { DiscoveryDoc } from '../../protocol/evaluation/result';
import type { Invocation } from '../command';

/** The slice that --save and --pick ask for; null where none is. Throws bad_input where so many were not found. */
export async function savedSlice(call: Invocation, { slices, mode, loss }: DiscoveryDoc): Promise<{ name: string; where: string; file: string; line: number } | null> {
  const name = call.text('save');
  if (name === undefined) return null;
  const pick = call.whole('pick', { least: 1, otherwise: 1 });
  const slice = slices[pick - 1];
  if (!slice) throw new RunyardError('bad_input', slices.length === 0 ? 'no slice was found, so none can be saved' : `--pick ${pick}: there are ${slices.length} slices`, slices.length === 0 ? 'lower --min-support or raise --depth' : `write --pick 1 to ${slices.length}`);
  const owner = call.text('owner');
  const client = await call.engine();
  const note = `found by ${mode === 'loss' ? loss : mode}: ${slice.size} rows, ${slice.label}`;
  const { file, line } = await client.request('evaluations.saveSlice', { name, where: slice.where, note, replace: call.flag('replace'), ...(owner !== undefined && { owner }) });
  return { name, where: slice.where, file, line };
}
