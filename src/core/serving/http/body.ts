/** A request's body, no larger than may be: what is beyond is refused while it comes, and not kept. */
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal';

/** Throws a refusal (413) as soon as it is known to be too large, (400) where it breaks off or isn't UTF-8. What comes after is the caller's to drop. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) return Promise.reject(tooLarge(announced, maxBytes));
  return new Promise((resolve, reject) => {
    let parts: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      request.off('data', take).off('end', end).off('error', fail).off('aborted', cut);
      parts = [];
    };
    const take = (part: Buffer): void => {
      size += part.length;
      if (size <= maxBytes) return void parts.push(part);
      stop();
      reject(tooLarge(size, maxBytes));
    };
    const end = (): void => {
      const text = decode(parts);
      stop();
      if (text === null) reject(new Refusal(400, 'BAD_REQUEST', 'the body is not UTF-8'));
      else resolve(text);
    };
    const fail = (error: Error): void => { stop(); reject(error); };
    const cut = (): void => { stop(); reject(new Refusal(400, 'BAD_REQUEST', 'the body breaks off')); };
    request.on('data', take).on('end', end).on('error', fail).on('aborted', cut);
  });
}

function decode(parts: readonly Buffer[]): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const tooLarge = (size: number, most: number): Refusal => new Refusal(413, 'BAD_REQUEST', `the body has ${size} bytes or more, and at most ${most} are taken: send fewer rows at once, or set serving.maxBytes in runyard.yaml`);
