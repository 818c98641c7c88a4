/** Paths of artifacts as clients write them, made plain. Source: mlflow.utils.uri.validate_path_is_safe (3.17). */
import { invalid } from '../errors';

/** Decoding more often than this never ends. */
const ROUNDS = 10;
/** What MLflow's own server keeps for files that are on their way. */
const RESERVED = '.artifact.uploading.';

/**
 * The path, decoded until it stays the same, with '/' between its parts. Throws INVALID_PARAMETER_VALUE ("Invalid path") for one that is
 * absolute, has a drive, climbs, names a URL of a file or holds a NUL; on Windows for whatever that system reads as more than a name.
 */
export function safePath(given: string, platform: NodeJS.Platform = process.platform): string {
  const path = escapeControls(decodeAll(given));
  const refused = path.includes('\0') || path.includes('#') || /^file:/i.test(path) || path.split('/').includes('..') || /^(?:\/|\\\\|[A-Za-z]:[\\/])/.test(path);
  if (refused || (platform === 'win32' && !isWindowsName(path))) throw invalid('Invalid path');
  return path;
}

/** Its parts: nothing empty, no '.'. */
export const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

/** Throws where a file can't be put at this path: it names a folder, or a name that would be another once it is tidied up. */
export function checkFileName(path: string): void {
  if (path === '' || path.endsWith('/')) throw invalid("Artifact path must include a filename (cannot end with '/').");
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.includes('.')) {
    throw invalid(`Invalid artifact path: '${path}'. Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${partsOf(path).join('/')}'`);
  }
  if (name.startsWith(RESERVED)) throw invalid(`Invalid artifact file name: '${name}'. Artifact names starting with '${RESERVED}' are reserved.`);
}

function decodeAll(given: string): string {
  let path = given;
  for (let round = 0; round < ROUNDS; round++) {
    const next = decode(path);
    if (next === path) return path;
    path = next;
  }
  throw invalid('Invalid path');
}

/** Bytes that aren't UTF-8 become the character that stands for such; what is no encoding stays. */
const decode = (path: string): string => path.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));

/** Control characters are kept as their encoding: no name of a file has them. NUL is refused later. */
const escapeControls = (path: string): string => path.replace(/[\x01-\x1f\x7f]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Source: Microsoft, "Naming Files, Paths, and Namespaces". */
function isWindowsName(path: string): boolean {
  const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;
  return !/[\\:*?"<>|]/.test(path) && partsOf(path).every((part) => !device.test(part) && !/[. ]$/.test(part));
}
