import { describeError } from '../base/errors';
import { spansOf } from './folder/traces';
import type { JsonObject } from './json';
import type { Artifact, Fault } from './model';
import { wholeText } from './stream';

/** The spans in the traces.json among some files; none where there is no such file. */
export async function spansIn(files: AsyncIterable<Artifact>, what: string, fault: Fault): Promise<JsonObject[]> {
  for await (const file of files) {
    if (file.path !== 'traces.json') continue;
    try {
      return spansOf(await wholeText(await file.open()));
    } catch (error) {
      fault(what, `its traces.json: ${describeError(error)}`);
    }
  }
  return [];
}
