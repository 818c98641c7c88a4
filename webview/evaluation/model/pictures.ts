/** Cells that name a file to be looked at. Pure. */

const kinds: Record<string, 'image' | 'text'> = {
  png: 'image', jpg: 'image', jpeg: 'image', gif: 'image', webp: 'image', bmp: 'image', svg: 'image', avif: 'image',
  txt: 'text', md: 'text', json: 'text', log: 'text', html: 'text', xml: 'text', csv: 'text', eml: 'text',
};

/** What a cell's path shows: by its ending alone, of one line, not too long to be a path; null where it is no path. */
export function previewKind(value: unknown): 'image' | 'text' | null {
  if (typeof value !== 'string' || value.length > 1024 || value.length < 3 || /[\n\r\t<>"|?*]/.test(value) || /^[a-z][a-z\d+.-]+:\/\//i.test(value)) return null;
  const ending = /[^/\\.]\.([a-z\d]{2,4})$/i.exec(value)?.[1]?.toLowerCase();
  return (ending && kinds[ending]) || null;
}
