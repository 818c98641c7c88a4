/** What a file is called to the one who downloads it. Source: mlflow.utils.mime_type_utils, IANA media types, RFC 6266. */
import path from 'node:path';

/** Endings that MLflow's pages show as text, whatever else they are called. */
const TEXT = new Set('txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst ipynb MLmodel mlproject'.split(' '));

const TYPES: Readonly<Record<string, string>> = {
  'text/plain': 'txt bat c h ksh pl srt', 'text/html': 'html htm', 'text/css': 'css', 'text/csv': 'csv', 'text/tab-separated-values': 'tsv', 'text/xml': 'xml', 'text/x-python': 'py', 'text/vtt': 'vtt',
  'image/png': 'png', 'image/jpeg': 'jpg jpeg jpe', 'image/gif': 'gif', 'image/svg+xml': 'svg', 'image/bmp': 'bmp', 'image/tiff': 'tif tiff', 'image/webp': 'webp', 'image/avif': 'avif', 'image/heic': 'heic',
  'image/vnd.microsoft.icon': 'ico', 'image/x-portable-pixmap': 'ppm',
  'audio/mpeg': 'mp3 mp2', 'audio/x-wav': 'wav', 'audio/aac': 'aac', 'audio/opus': 'opus', 'audio/x-aiff': 'aif aiff',
  'video/mp4': 'mp4', 'video/mpeg': 'mpeg mpg', 'video/quicktime': 'mov qt', 'video/webm': 'webm', 'video/x-msvideo': 'avi',
  'application/json': 'json', 'application/javascript': 'js mjs', 'application/pdf': 'pdf', 'application/zip': 'zip', 'application/x-tar': 'tar', 'application/x-sh': 'sh', 'application/wasm': 'wasm',
  'application/postscript': 'ps eps ai', 'application/x-hdf5': 'h5', 'application/x-netcdf': 'nc cdf', 'application/x-tex': 'tex', 'application/msword': 'doc', 'application/vnd.ms-excel': 'xls', 'application/x-python-code': 'pyc',
};
const BY_ENDING = new Map(Object.entries(TYPES).flatMap(([type, endings]) => endings.split(' ').map((ending): [string, string] => [ending, type])));
/** A packed file is called by what is in it. */
const PACKED: Readonly<Record<string, string>> = { '.tgz': '.tar', '.tbz2': '.tar', '.txz': '.tar', '.svgz': '.svg' };
const BINARY = 'application/octet-stream';

/** The media type of a file of this name; application/octet-stream where its ending says nothing. */
export function contentType(name: string): string {
  const ending = path.posix.extname(name);
  if (TEXT.has(ending === '' || ending === '.' ? name : ending.slice(1))) return 'text/plain';
  const packed = ['.gz', '.bz2', '.xz', '.br', '.Z'].includes(ending) ? path.posix.extname(name.slice(0, -ending.length)) : PACKED[ending.toLowerCase()] ?? ending;
  return BY_ENDING.get(packed.slice(1).toLowerCase()) ?? BINARY;
}

/** The header that makes a browser save the file instead of showing it, with a plain name for clients that know no other. */
export function attachment(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return `attachment; filename=${quoted(name)}`;
  const plain = name.normalize('NFKD').replace(/[^\x20-\x7e]/g, '') || 'download';
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename=${quoted(plain)}; filename*=UTF-8''${encoded}`;
}

const quoted = (name: string): string => (/^[\w!#$%&'*+.^`|~-]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`);

const IMAGES = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp', '.svg', '.bmp']);
const TABLES = new Set(['.csv', '.tsv', '.parquet']);

/** What a run's detail shows it as. */
export function kindOf(name: string): 'image' | 'table' | 'file' {
  const ending = path.posix.extname(name).toLowerCase();
  return IMAGES.has(ending) ? 'image' : TABLES.has(ending) ? 'table' : 'file';
}
