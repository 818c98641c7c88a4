/** What the Models tree is made of. Pure. */
import type { ConflictRow, LiveRow, ModelDetail, ModelRow, VersionRow, WaitingRow } from '../../protocol/registry';
import type { Overview } from '../registry/facts';

export interface ModelNode { kind: 'model'; model: string; row: ModelRow; open: boolean }
export interface EnvironmentNode { kind: 'environment'; model: string; environment: string; live: LiveRow }
export interface VersionNode { kind: 'version'; model: string; version: number; row: VersionRow }
/** A promotion that a person is asked about. */
export interface WaitingNode { kind: 'waiting'; model: string; version: number; environment: string; row: WaitingRow; /** below its model, whose name need not be said */ below: boolean }
export interface ConflictNode { kind: 'conflict'; model: string; environment: string; row: ConflictRow }
/** Names what follows, and holds it. */
export interface GroupNode { kind: 'group'; key: 'waiting' | 'versions'; model: string; label: string; description: string; children: ModelsNode[] }
/** The line below the newest versions: shows all. */
export interface OlderNode { kind: 'older'; model: string; shown: number; total: number }
export type ModelsNode = ModelNode | EnvironmentNode | VersionNode | WaitingNode | ConflictNode | GroupNode | OlderNode;

/** Versions that are shown at first. */
export const NEWEST = 20;

/** As many models are open from the beginning. */
const FEW = 3;

/** Where models disagree or, among many, something waits for a person stands first; then the models, the newest change first. */
export function rootNodes({ models, waiting, conflicts }: Overview): ModelsNode[] {
  const ordered = [...models].sort((a, b) => b.updated - a.updated || a.name.localeCompare(b.name));
  const wanted: ModelsNode[] = waiting.map((row) => ({ kind: 'waiting', model: row.model, version: row.version, environment: row.environment, row, below: false }));
  return [
    ...conflicts.map((row): ModelsNode => ({ kind: 'conflict', model: row.model, environment: row.environment, row })),
    ...(wanted.length > 0 && models.length > FEW ? [{ kind: 'group' as const, key: 'waiting' as const, model: '', label: 'Waiting for Approval', description: String(wanted.length), children: wanted }] : []),
    ...ordered.map((row): ModelsNode => ({ kind: 'model', model: row.name, row, open: models.length <= FEW })),
  ];
}

/** What waits, what is live where in the order of runyard.yaml, then the versions: the newest, and all that are live anywhere. */
export function modelNodes({ model, versions, environments }: ModelDetail, all: boolean): ModelsNode[] {
  const order = new Map(environments.map(({ name }, index) => [name, index]));
  const place = (name: string): number => order.get(name) ?? environments.length;
  const live = [...model.live].sort((a, b) => place(a.environment) - place(b.environment));
  const newest = [...versions].sort((a, b) => b.version - a.version);
  const shown = all ? newest : newest.filter((row, index) => index < NEWEST || row.live.length > 0);
  const below: ModelsNode[] = shown.map((row) => ({ kind: 'version', model: model.name, version: row.version, row }));
  if (shown.length < newest.length) below.push({ kind: 'older', model: model.name, shown: shown.length, total: newest.length });
  return [
    ...model.waiting.map((row): ModelsNode => ({ kind: 'waiting', model: model.name, version: row.version, environment: row.environment, row, below: true })),
    ...live.map((row): ModelsNode => ({ kind: 'environment', model: model.name, environment: row.environment, live: row })),
    { kind: 'group', key: 'versions', model: model.name, label: 'Versions', description: String(versions.length), children: below },
  ];
}

/** "production 3 · staging 4 · 1 waits": what serves people first. */
export function modelWords({ live, waiting }: Pick<ModelRow, 'live' | 'waiting'>): string {
  const words = live.filter(({ version }) => version !== null).map(({ environment, version }) => `${environment} ${version}`).reverse();
  return [...(words.length > 0 ? words : ['nothing is live']), ...(waiting.length > 0 ? [`${waiting.length} wait${waiting.length === 1 ? 's' : ''}`] : [])].join(' · ');
}

/** What the tree's menus ask for: words that `when` clauses find with =~. */
export function contextOf(node: ModelsNode): string {
  switch (node.kind) {
    case 'environment': return node.live.version === null ? 'environment empty' : 'environment filled';
    case 'version': return ['version', node.row.here ? 'here' : 'away', node.row.live.length > 0 ? 'live' : 'idle'].join(' ');
    case 'group': return `group ${node.key}`;
    default: return node.kind;
  }
}

/** Tells a row from all others, whatever it says now. */
export function idOf(node: ModelsNode): string {
  switch (node.kind) {
    case 'model': case 'older': return `${node.kind}:${node.model}`;
    case 'environment': case 'conflict': return `${node.kind}:${JSON.stringify([node.model, node.environment])}`;
    case 'version': return `version:${JSON.stringify([node.model, node.version])}`;
    case 'waiting': return `waiting:${JSON.stringify([node.model, node.version, node.environment, node.below])}`;
    case 'group': return `group:${JSON.stringify([node.key, node.model])}`;
  }
}
