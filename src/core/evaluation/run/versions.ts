/** What computed an evaluation, by name and version. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { FIGURES_VERSION } from './identify';

const natives = { duckdb: ['@duckdb', 'node-api'], onnxruntime: ['onnxruntime-node'] } as const;

/** A package that can't be found has no version here. */
export function versions(): Record<string, string> {
  const found: Record<string, string> = { figures: String(FIGURES_VERSION), node: process.versions.node };
  for (const [name, parts] of Object.entries(natives)) {
    const version = versionOf(parts);
    if (version !== null) found[name] = version;
  }
  return found;
}

function versionOf(parts: readonly string[]): string | null {
  const folders = createRequire(import.meta.url).resolve.paths(parts.join('/')) ?? [];
  for (const folder of folders) {
    try {
      const found: unknown = JSON.parse(readFileSync(path.join(folder, ...parts, 'package.json'), 'utf8'));
      if (typeof found === 'object' && found !== null && 'version' in found) return String(found.version);
    } catch {
      continue;
    }
  }
  return null;
}
