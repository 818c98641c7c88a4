/** Hands a file out: whole or a part of it, in pieces, as an attachment. Source: RFC 9110 (range requests). */
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { systemCode } from '../../../core/base/errors';
import { invalid, missing } from '../errors';
import { ANSWERED, type Call } from '../router';
import { attachment, contentType } from './content-types';
import { fileAt, locate } from './files';
import type { Place } from './places';

/** How much of a file is in memory at a time. */
const PIECE = 256 * 1024;
// Neither a link put there since nor a pipe without a writer is waited for.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Answers with the file. Throws RESOURCE_DOES_NOT_EXIST, or INVALID_PARAMETER_VALUE for a folder. */
export async function send({ request, response }: Pick<Call, 'request' | 'response'>, place: Place): Promise<typeof ANSWERED> {
  const file = await openFile(place);
  try {
    const facts = await file.stat();
    const range = rangeOf(request.headers, facts);
    const name = place.name.split('/').at(-1) ?? '';
    if (range === 'outside') {
      response.writeHead(416, { 'Content-Range': `bytes */${facts.size}`, 'Content-Length': 0 }).end();
      return ANSWERED;
    }
    const { start, end } = range ?? { start: 0, end: facts.size - 1 };
    response.writeHead(range ? 206 : 200, {
      'Content-Type': contentType(name), 'Content-Disposition': attachment(name), 'Content-Length': end - start + 1, 'Accept-Ranges': 'bytes',
      ETag: etag(facts), 'Last-Modified': facts.mtime.toUTCString(), ...(range ? { 'Content-Range': `bytes ${start}-${end}/${facts.size}` } : {}),
    });
    if (request.method === 'HEAD' || end < start) response.end();
    else await pipeline(file.createReadStream({ start, end, highWaterMark: PIECE, autoClose: false }), response);
  } catch (error) {
    // The client went away in the middle: nobody is left to be told.
    if (!['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(systemCode(error))) throw error;
  } finally {
    await file.close();
  }
  return ANSWERED;
}

async function openFile(place: Place): Promise<FileHandle> {
  const real = await locate(place, fileAt(place));
  if (real === null) throw missing(`No such artifact: '${place.name}'`);
  try {
    const facts = await stat(real);
    if (facts.isDirectory()) throw invalid(`Artifact path refers to a directory, not a file: '${place.name}'`);
    if (!facts.isFile()) throw invalid(`Artifact path refers to neither a file nor a directory: '${place.name}'`);
    return await open(real, FLAGS);
  } catch (error) {
    if (['ENOENT', 'ELOOP'].includes(systemCode(error))) throw missing(`No such artifact: '${place.name}'`);
    throw error;
  }
}

const etag = ({ ino, size, mtimeMs }: Pick<Stats, 'ino' | 'size' | 'mtimeMs'>): string => `"${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}"`;

interface Range { start: number; end: number }

/** The one range that is asked for; null for the whole file: also where several are, or what is asked for isn't one, or the file is another by now. */
export function rangeOf(headers: { range?: string; 'if-range'?: string | string[] }, facts: Pick<Stats, 'size' | 'mtime' | 'ino' | 'mtimeMs'>): Range | 'outside' | null {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  const [, from = '', to = ''] = asked ?? [];
  if (!asked || (from === '' && to === '') || (from !== '' && to !== '' && Number(to) < Number(from))) return null;
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== etag(facts) && condition !== facts.mtime.toUTCString()) return null;
  const start = from === '' ? Math.max(0, facts.size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? facts.size - 1 : Math.min(Number(to), facts.size - 1);
  return start > end ? 'outside' : { start, end };
}
