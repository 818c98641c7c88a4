/** Groups of runs that differ in the seed only: mean with interval, and the verdict between two of them. */
import type { GroupStats, Verdict } from '../../src/protocol/model';
import { announce, el, fill, throttle } from '../shared/dom';
import { count, formatNumber, formatSigned, NONE } from '../shared/format';
import { errorText } from '../shared/host';
import { button, dropdown, type Choice } from '../shared/toolkit';
import { intervalBar } from './interval-bar';
import { intervalScale } from './model/interval-scale';
import type { Panel } from './panel';

export interface TabView { readonly node: HTMLElement; /** Called when the tab is opened, and when what it shows may have changed while it is open. */ show(): void }

export function createGroups(panel: Panel): TabView {
  const metric = dropdown({ label: 'Metric', value: '', choices: [], onChange: (value) => set({ metric: value }) });
  const baseline = dropdown({ label: 'Baseline group', value: '', choices: [], onChange: (value) => set({ baseline: value }) });
  const candidate = dropdown({ label: 'Candidate group', value: '', choices: [], onChange: (value) => set({ candidate: value }) });
  const verdictBox = el('section', { class: 'verdict', attrs: { 'aria-label': 'Verdict' } });
  const table = el('div', { class: 'groups-table' });
  const node = el('div', { class: 'groups-view' },
    el('div', { class: 'toolbar' },
      el('span', { class: 'field' }, 'metric', metric.node), el('span', { class: 'field' }, 'candidate', candidate.node), el('span', { class: 'field' }, 'against baseline', baseline.node)),
    verdictBox, table);
  let asked = 0;

  const set = (patch: Partial<{ metric: string; baseline: string; candidate: string }>): void => {
    panel.update({ groups: { ...panel.state().groups, ...patch } });
    void load();
  };

  const load = async (): Promise<void> => {
    const mine = ++asked;
    const chosen = panel.state().groups;
    const key = panel.keys().metrics.includes(chosen.metric) ? chosen.metric : (panel.mainMetric() ?? '');
    metric.set(key, panel.keys().metrics.map((name) => ({ value: name, label: name })));
    if (key === '') {
      fill(verdictBox);
      fill(table, el('p', { class: 'empty' }, 'These runs have no metric yet. A script logs one with runyard.log({"loss": x}), or by printing loss=0.41.'));
      return;
    }
    try {
      const { rows } = await panel.runs.sample([`metrics.${key}`]);
      if (mine !== asked) return;
      if (rows.length === 0) {
        fill(verdictBox);
        fill(table, el('p', { class: 'empty' }, 'No runs to group. Clear the filter, or add runs.'));
        return;
      }
      const { groups } = await panel.host.ask('compare.groups', { runs: rows.map((row) => row.id), metric: key });
      if (mine !== asked) return;
      const pair = choosePair(groups, chosen, panel.baseline()?.id);
      const choices: Choice[] = groups.map((group) => ({ value: group.group, label: `${group.label} (n=${group.n})` }));
      baseline.set(pair?.baseline.group ?? '', choices);
      candidate.set(pair?.candidate.group ?? '', choices);
      drawTable(groups, key);
      if (!pair) {
        fill(verdictBox, el('p', { class: 'empty' }, 'One group only. Run again with another param, then the two are compared here.'));
        return;
      }
      const verdict = await panel.host.ask('compare.verdict', { baseline: pair.baseline.runs, candidate: pair.candidate.runs, metric: key });
      if (mine === asked) drawVerdict(verdict);
    } catch (error) {
      if (mine !== asked) return;
      const { message, hint } = errorText(error);
      fill(table);
      fill(verdictBox, el('div', { class: 'error', role: 'alert' }, el('p', {}, message, hint ? ` (${hint})` : ''), button({ label: 'Try again', onClick: () => void load() })));
    }
  };

  const drawVerdict = (verdict: Verdict): void => {
    const tone = verdict.word === 'cannot tell' ? 'unknown' : verdict.word;
    const sign = { better: '▲ ', worse: '▼ ', unknown: '' }[tone];
    const level = `${formatNumber(verdict.confidence * 100)} %`;
    const interval = verdict.low === null || verdict.high === null ? '' : `${level} interval ${formatSigned(verdict.low)} to ${formatSigned(verdict.high)}`;
    const difference = verdict.difference === null ? NONE : formatSigned(verdict.difference);
    const sentence = `${verdict.candidate.label} against ${verdict.baseline.label}: ${verdict.word}`;
    const few = Math.min(verdict.candidate.n, verdict.baseline.n) < 2 ? verdict.candidate.runs[0] : undefined;
    fill(verdictBox,
      el('h3', { class: `word ${tone}` }, `${sign}${verdict.word}`),
      el('p', { class: 'what' }, `${verdict.candidate.label} against ${verdict.baseline.label} in ${verdict.metric} (${verdict.goal === 'maximize' ? 'higher' : 'lower'} is better)`),
      el('p', { class: 'figures' }, el('strong', {}, `difference ${difference}`), interval && `, ${interval}`, verdict.p !== null && `, p = ${formatNumber(verdict.p, 2)}`),
      intervalBar({
        mean: verdict.difference, low: verdict.low, high: verdict.high, zero: true, tone,
        scale: intervalScale([verdict.difference, verdict.low, verdict.high], { zero: true }), label: `${sentence}. Difference ${difference}. ${interval}`,
      }),
      el('p', { class: 'method' }, verdict.reason ? `${verdict.reason}. ` : '', `Method: ${verdict.method}.`),
      few !== undefined && button({ label: 'Run more seeds…', onClick: () => void panel.host.ask('host.rerun', { run: few }) }));
    announce(sentence);
  };

  const drawTable = (groups: readonly GroupStats[], key: string): void => {
    const scale = intervalScale(groups.flatMap((group) => [group.mean, group.low, group.high]));
    const figure = (value: number | null): string => (value === null ? NONE : formatNumber(value));
    const head = ['group', 'runs', `mean ${key}`, 'interval', 'sd', ''].map((text, at) => el('th', { attrs: { scope: 'col' }, class: at > 0 && at < 5 ? 'number' : '' }, text));
    const body = groups.map((group) => el('tr', {
      title: `${group.method}\n${count(group.runs.length, 'run')}`,
      on: { mouseenter: () => panel.highlight(group.runs[0] ?? null), mouseleave: () => panel.highlight(null) },
    },
    el('th', { attrs: { scope: 'row' }, class: 'label' }, group.label), el('td', { class: 'number' }, String(group.n)), el('td', { class: 'number' }, figure(group.mean)),
    el('td', { class: 'number' }, group.low === null ? NONE : `${figure(group.low)} … ${figure(group.high)}`), el('td', { class: 'number' }, figure(group.sd)),
    el('td', {}, intervalBar({ mean: group.mean, low: group.low, high: group.high, scale, label: `${group.label}: mean ${figure(group.mean)}` }))));
    fill(table, el('table', { class: 'plain' }, el('caption', { class: 'visually-hidden' }, `Groups by ${key}`), el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)));
  };

  const again = throttle(1000, () => { if (node.isConnected && !node.hidden && panel.state().tab === 'groups') void load(); });
  panel.onChanged(again);
  panel.runs.onChange(again);
  panel.onState((changed) => { if (changed.has('baseline') || changed.has('tab')) again(); });
  return { node, show: () => void load() };
}

/** The two that were chosen while they are there; else the baseline run's group (or the second one) and the first other. Null with one group. */
export function choosePair(groups: readonly GroupStats[], chosen: { baseline: string; candidate: string }, pinned?: string): { baseline: GroupStats; candidate: GroupStats } | null {
  if (groups.length < 2) return null;
  const byName = (name: string): GroupStats | undefined => groups.find((group) => group.group === name);
  const baseline = byName(chosen.baseline) ?? groups.find((group) => pinned !== undefined && group.runs.includes(pinned)) ?? groups.find((group) => group.group !== chosen.candidate && group !== groups[0]) ?? groups[0];
  const wanted = byName(chosen.candidate);
  const candidate = wanted && wanted !== baseline ? wanted : groups.find((group) => group !== baseline);
  return baseline && candidate ? { baseline, candidate } : null;
}
