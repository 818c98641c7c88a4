/** Asking which model, version and environment, where a command comes from the palette and nothing was pointed at. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { EnvironmentRow, ModelDetail, ModelRow, VersionRow } from '../../protocol/registry';
import type { Host } from '../host';
import { count } from '../base/format';
import { ago, liveWords, versionWords } from './words';

/** What a call is about, as far as it says so: a row of the tree, or what our own parts pass. */
export interface Target { model?: string; version?: number; environment?: string }

/** The first argument of a command, whatever it is. */
export function targetOf(value: unknown): Target {
  if (typeof value === 'string') return { model: value };
  if (typeof value !== 'object' || value === null) return {};
  return {
    ...('model' in value && typeof value.model === 'string' ? { model: value.model } : {}),
    ...('version' in value && typeof value.version === 'number' ? { version: value.version } : {}),
    ...('environment' in value && typeof value.environment === 'string' ? { environment: value.environment } : {}),
  };
}

const shown = { matchOnDescription: true, matchOnDetail: true };

/** The model that is named, the only one there is, or the one that the person picks. @throws RunyardError not_found where there is none */
export async function meantModel(host: Host, { model }: Target, title: string): Promise<string | undefined> {
  if (model !== undefined) return model;
  const { models } = await host.registry.overview();
  if (models.length === 0) throw new RunyardError('not_found', 'no model is registered here yet', 'use "Runyard: Register Model…"');
  if (models.length === 1) return models[0]?.name;
  const items = models.map((row) => ({ label: `$(package) ${row.name}`, description: modelPickWords(row), name: row.name }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'A model', ...shown }))?.name;
}

function modelPickWords(row: ModelRow): string {
  const live = row.live.filter(({ version }) => version !== null).map(({ environment, version }) => `${environment} ${version}`);
  return [count(row.versions, 'version'), ...live].join(' · ');
}

export interface VersionPick { title: string; accept?: (row: VersionRow) => boolean; /** said where none fits */ none?: string }

/** The version that is named, or the one that the person picks; newest first. @throws RunyardError not_found where none fits */
export async function meantVersion(detail: ModelDetail, { version }: Target, { title, accept, none }: VersionPick): Promise<VersionRow | undefined> {
  const rows = [...detail.versions].sort((a, b) => b.version - a.version);
  if (version !== undefined) {
    const found = rows.find((row) => row.version === version);
    if (!found) throw new RunyardError('not_found', `${detail.model.name} has no version ${version}`);
    return found;
  }
  const fitting = rows.filter((row) => accept?.(row) ?? true);
  if (fitting.length === 0) throw new RunyardError('not_found', none ?? `${detail.model.name} has no such version`);
  const now = Date.now();
  const items = fitting.map((row) => ({ label: `$(tag) version ${row.version}`, description: versionWords(row), detail: [ago(row.created, now), row.author.name, row.description].filter(Boolean).join(' · '), row }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'A version', ...shown }))?.row;
}

export interface EnvironmentPick { title: string; /** to which it could go: where it is live already isn't offered */ version?: VersionRow; accept?: (row: EnvironmentRow) => boolean; none?: string }

/** The environment that is named, the only one that fits, or the one that the person picks. @throws RunyardError not_found where none fits */
export async function meantEnvironment(detail: ModelDetail, { environment }: Target, { title, version, accept, none }: EnvironmentPick): Promise<string | undefined> {
  if (environment !== undefined) return environment;
  const rows = detail.environments.filter((row) => (accept?.(row) ?? true) && !version?.live.includes(row.name));
  if (rows.length === 0) throw new RunyardError('not_found', none ?? 'there is no such environment', 'environments stand under registry: in runyard.yaml');
  const now = Date.now();
  const items = rows.map((row) => {
    const live = detail.model.live.find((one) => one.environment === row.name);
    const open = version === undefined || mayEnter(row, version);
    const gates = row.gates.length === 0 ? 'no gates' : `gates: ${row.gates.join(', ')}`;
    return {
      label: `$(server-environment) ${row.name}`, description: live ? liveWords(live, now) : 'nothing is live', name: row.name, open,
      detail: open ? gates : row.from.length === 0 ? 'no move leads here' : `only from ${row.from.join(' or ')}`,
    };
  });
  // Where it may not go stands last, and says why.
  items.sort((a, b) => Number(b.open) - Number(a.open));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'An environment', ...shown }))?.name;
}

const mayEnter = ({ from }: EnvironmentRow, { live }: VersionRow): boolean => from.includes(null) || from.some((one) => one !== null && live.includes(one));
