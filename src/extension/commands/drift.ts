/** Drift: the panel of a monitor, and two data sets compared once. */
import path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import { driftShow, type DriftShow, type DriftSource } from '../../protocol/drift-panel';
import { BACK, pickStep, type Answer } from '../base/steps';
import { DATA_KINDS, dataRows, placeOf } from '../forms/evaluation/choices';
import type { Host } from '../host';
import { meantMonitor, monitoringTarget } from '../monitoring/pick';
import type { Handlers } from './parts';

export function driftCommands(host: Host): Handlers {
  return {
    'runyard.drift.open': async ([first]) => {
      const target = monitoringTarget(first);
      const none = target.monitor === undefined && (!(await host.hasStore()) || (await host.monitoring.overview()).monitors.length === 0);
      const monitor = none ? undefined : await meantMonitor(host, target, 'Open Drift Panel');
      if (monitor === undefined && !none) return;
      await open(host, monitor === undefined ? { none: true } : { monitor }, showOf(first));
    },
    'runyard.compareDrift': async ([first, selected]) => {
      const chosen = (Array.isArray(selected) ? selected : [first]).filter((one): one is vscode.Uri => one instanceof vscode.Uri).map((uri) => placeOf(host, uri));
      const sides = await askSides(host, chosen);
      if (sides) await open(host, { comparison: { reference: { files: [sides.reference], types: {} }, current: { files: [sides.current], types: {} }, multivariate: true } });
    },
  };
}

async function open(host: Host, source: DriftSource, show: DriftShow = {}): Promise<void> {
  const { openDrift } = await import('../panels/drift');
  openDrift(host, source, show);
}

/** The column, window, alert or part that a row of the tree, a link or an alert is about. */
function showOf(first: unknown): DriftShow {
  const parsed = driftShow.safeParse(typeof first === 'object' && first !== null ? Object.fromEntries(['column', 'result', 'alert', 'part'].map((key) => [key, Reflect.get(first, key) as unknown]).filter(([, value]) => typeof value === 'string')) : {});
  return parsed.success ? parsed.data : {};
}

interface Sides { reference: string; current: string }

/** Two files that were selected in the Explorer need only be told apart; else one after the other is asked for. Nothing where the person turned away. */
async function askSides(host: Host, chosen: readonly string[]): Promise<Sides | undefined> {
  if (!host.folder) throw new RunyardError('refused', 'no folder is open', 'open the folder that holds your data');
  const title = 'Compare Two Data Sets for Drift';
  const [a, b] = chosen;
  if (chosen.length > 2) throw new RunyardError('bad_input', `${chosen.length} files are selected`, 'select two: the reference and the current data');
  if (a !== undefined && b !== undefined) {
    const reference = await pickStep<string>({ title, placeholder: 'Which one is the reference: what the model was made with, or what was before', back: false, items: [a, b].map((file) => ({ label: `$(database) ${path.basename(file)}`, description: file, value: file })) });
    return typeof reference === 'string' ? { reference, current: reference === a ? b : a } : undefined;
  }
  for (let before = a; ;) {
    const reference = await askFile(host, { title: `${title} (1/2)`, placeholder: 'The reference: what the model was made with, or what was before', back: false, active: before });
    if (typeof reference !== 'string') return undefined;
    before = reference;
    const current = await askFile(host, { title: `${title} (2/2)`, placeholder: `What is compared with ${path.basename(reference)}`, back: true, without: reference });
    if (current === undefined) return undefined;
    if (current !== BACK) return { reference, current };
  }
}

async function askFile(host: Host, { title, placeholder, back, active, without }: { title: string; placeholder: string; back: boolean; active?: string | undefined; without?: string }): Promise<Answer<string>> {
  const items = dataRows(host).then((rows) => rows.filter(({ value }) => value === undefined || value !== without));
  const answer = await pickStep({ title, placeholder, back, items, ...(active === undefined ? {} : { active: (value) => value === active }) });
  if (answer === undefined || answer === BACK || typeof answer === 'string') return answer;
  const [uri] = (await vscode.window.showOpenDialog({ title: placeholder, defaultUri: host.folder?.uri, canSelectMany: false, filters: { Data: DATA_KINDS } })) ?? [];
  return uri && placeOf(host, uri);
}
