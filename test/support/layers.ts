// The map of src/ as rules: which folder may import which. Pure, over paths.

const ranks: Readonly<Record<string, number>> = {
  protocol: 0,
  base: 1,
  domain: 2,
  store: 3,
  tracking: 4,
  comparison: 4,
  config: 4,
  evaluation: 4,
  registry: 4,
  monitoring: 4,
  serving: 4,
  pipeline: 4,
  exchange: 4,
  runners: 4,
  queries: 5,
  app: 6,
  engine: 7,
  extension: 8,
  cli: 8,
  mcp: 8,
};

export const doors = ['extension', 'cli', 'mcp'] as const;

/** A door sees the rest of the program through these. */
const doorsMayImport = new Set(['protocol', 'base', 'domain']);

/** The layer of a file of src/ by its path, such as `store` for `src/core/store/runs.ts`; nothing where the map has none. */
export function layerOf(file: string): string | undefined {
  const [top, second = '', third] = file.split('/');
  if (top !== 'src') return undefined;
  const layer = second === 'core' ? (third ?? '').replace(/\.ts$/, '') : second;
  return layer in ranks ? layer : undefined;
}

/** Why a file may not import another, or nothing. Layers of one rank may, as long as no cycle comes of it. */
export function importFault(from: string, to: string): string | undefined {
  const importer = layerOf(from);
  const imported = layerOf(to);
  if (!importer || !imported) return `${from} -> ${to}: not on the map`;
  if (importer === imported) return undefined;
  const door = (doors as readonly string[]).includes(importer);
  if (door && (doorsMayImport.has(imported) || isClient(to))) return undefined;
  if (door) return `${from} -> ${to}: a door asks the engine's client, it doesn't import ${imported}`;
  return (ranks[imported] ?? 0) <= (ranks[importer] ?? 0) ? undefined : `${from} -> ${to}: ${importer} is below ${imported}`;
}

function isClient(file: string): boolean {
  return /^src\/engine\/client(\.ts$|\/)/.test(file);
}
