/** What a new monitor may be called. Pure. */
import type { WatchedSource } from '../../protocol/monitoring';

/** "car-loan-production", with a number where that is taken. */
export function monitorName(watched: WatchedSource, taken: ReadonlySet<string>): string {
  const base = ('model' in watched ? watched.model.replace('@', '-') : (watched.files[0]?.split('/').at(-1)?.replace(/\.\w+$/, '') ?? '')).replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '') || 'monitor';
  if (!taken.has(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}
