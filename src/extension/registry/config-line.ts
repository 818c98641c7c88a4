/** Where the registry's section stands in a runyard.yaml. Pure; lines from 0. */

/** The line of the edge to an environment, of the environment itself, or of the section; nothing where there is no section. */
export function registryLine(text: string, environment?: string): number | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^registry\s*:/.test(line));
  if (start < 0) return undefined;
  const after = lines.findIndex((line, index) => index > start && /^[^\s#]/.test(line));
  const within = lines.slice(start, after < 0 ? lines.length : after);
  if (environment === undefined) return start;
  const name = `["']?${environment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}["']?`;
  const edge = within.findIndex((line) => new RegExp(`(?:^|[\\s{,-])to\\s*:\\s*${name}\\s*(?:[,}#]|$)`).test(line));
  const own = within.findIndex((line) => new RegExp(`^\\s+${name}\\s*:`).test(line));
  return start + Math.max(0, edge >= 0 ? edge : own);
}
