/** What has to happen once entries of other clones were taken in, whoever asked for them. */
import type { Ledger, RegistryContext } from '../types';

/** `follow`: takes what they say over into MLflow's records. Whoever shows models hears of it; a conflict is called out once. */
export function tellPulled(context: Pick<RegistryContext, 'changed' | 'attention'>, ledger: Pick<Ledger, 'conflicts' | 'onPulled'>, follow: () => unknown): void {
  const told = new Set(ledger.conflicts().map(({ text }) => text));
  ledger.onPulled(() => {
    follow();
    context.changed([]);
    for (const { text, model, environment } of ledger.conflicts()) {
      if (!told.has(text)) context.attention({ kind: 'conflict', model, version: null, environment: environment || null, text });
      told.add(text);
    }
  });
}
