/** The engine's methods that make and describe versions. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import type { ModelDetail } from '../../../protocol/registry';
import { createRegistry } from '../registry';
import type { RegistryHandlers } from '../service/handlers';
import type { Ledger, RegistryContext } from '../types';
import { registryClients, type PromoteFor } from './clients';
import { unwatched, type Identity } from './parts';
import { describe } from './records';
import type { VersionsService } from './versions';

export interface RegisteringParts {
  context: RegistryContext; ledger: Ledger; versions: VersionsService; identity: Identity;
  /** what 'registry.model' answers */
  detail(model: string): Promise<ModelDetail>;
  /** for aliases that follow an environment */
  promoteFor: PromoteFor;
}
type Method = 'registry.register' | 'registry.describe' | 'registry.alias' | 'registry.fetch';

export function registering({ context, ledger, versions, identity, detail, promoteFor }: RegisteringParts): Pick<RegistryHandlers, Method> {
  const registry = createRegistry(context.store.records, context.clock);
  return {
    'registry.register': async (args) => versions.register(args, args.by ?? await identity(), unwatched()),
    'registry.describe': async ({ model, version: ref, by, ...words }) => {
      const version = ref === undefined ? null : versions.resolve(model, ref);
      if (version === null) versions.resolve(model, 'latest');
      const who = by ?? await identity();
      describe(registry, model, version, words);
      ledger.append({ by: who, kind: 'described', model, version, environment: null, facts: words });
      context.changed([model]);
      return detail(model);
    },
    'registry.alias': async ({ model, alias, version: ref, by }) => {
      const who = by ?? await identity();
      const clients = registryClients({ context, ledger, identity: () => Promise.resolve(who), promoteFor });
      const { environments } = context.loaded().config.registry;
      if (ref !== null && Object.hasOwn(environments, alias)) throw new RunyardError('bad_input', `'${alias}' is the name of an environment, which stands for what is live there`, 'take another name for the alias');
      if (ref === null) await clients.removeAlias(model, alias);
      else {
        const version = versions.resolve(model, ref);
        await versions.facts(model, version);
        await clients.setAlias(model, alias, version);
      }
      context.changed([model]);
      return { aliases: registry.get(model).aliases };
    },
    'registry.fetch': async ({ model, version, from }) => {
      const found = await versions.fetch(model, versions.resolve(model, version), from === undefined ? undefined : path.resolve(context.workspace, from));
      context.changed([model]);
      return found;
    },
  };
}
