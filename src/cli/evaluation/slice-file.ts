/** Slices out of a YAML file that isn't the workspace's own. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { describeError, RunyardError, systemCode } from '../../core/base/errors';
import { sliceSpec } from '../../protocol/evaluation/request';

const section = z.looseObject({ slices: z.record(z.string(), z.looseObject({ evaluations: z.array(z.string()).optional() })).default({}) });

/** The slices of a file's `slices`, less those for other evaluations than `name`. Throws not_found and bad_input naming the file and the slice. */
export function readSlices(file: string, name: string | undefined): z.input<typeof sliceSpec>[] {
  const found = section.safeParse(parsed(file));
  if (!found.success) throw new RunyardError('bad_input', `${file} holds no slices that can be read: ${z.prettifyError(found.error)}`, 'write slices: {name: {where: "age < 30"}}');
  return Object.entries(found.data.slices).flatMap(([of, { evaluations, ...spec }]) => {
    if (evaluations && (name === undefined || !evaluations.includes(name))) return [];
    const slice = sliceSpec.safeParse({ name: of, ...spec });
    if (!slice.success) throw new RunyardError('bad_input', `slice ${of} of ${file}: ${z.prettifyError(slice.error)}`, 'see the comments of runyard.yaml');
    return [slice.data];
  });
}

function parsed(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new RunyardError('not_found', `there is no file ${file}`, 'write --slices FILE', { cause: error });
    throw new RunyardError('bad_input', `${file} can't be read: ${describeError(error)}`, 'mend it', { cause: error });
  }
}
