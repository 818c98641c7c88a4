/** Groups of seeds with their mean and interval, and the verdict between two of them. */
import type { GroupStats, Verdict } from '../../src/protocol/model';
import { el, fill, throttle } from '../shared/dom';
import { columnFormat, count, NONE } from '../shared/format';
import { attempt, emptyState, errorState, skeleton } from '../shared/notice';
import { dropdown } from '../shared/toolkit';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale } from '../shared/interval-scale';
import type { PanelState } from './model/state';
import type { Panel } from './panel';
import type { View } from './tabs';
import { differenceBar, intervalText, toneOf, verdictCard } from './verdict';

/** Other metrics that get a line of their own under the verdict. */
const OTHERS = 8;

export function createGroupsView(panel: Panel): View {
  let shown = false;
  let groups: GroupStats[] = [];
  let asked = 0;
  const state = (): PanelState['groups'] => panel.state().groups;
  const set = (patch: Partial<PanelState['groups']>): void => panel.update({ groups: { ...state(), ...patch } });
  const metric = (): string => state().metric || (panel.mainMetric() ?? '');
  const pick = dropdown({ label: 'Metric', value: '', choices: [], onChange: (value) => set({ metric: value }) });
  const note = el('span', { class: 'muted note' });
  const list = el('div', { class: 'group-list' });
  const answer = el('div', { class: 'group-verdict', attrs: { 'aria-live': 'polite' } });
  const node = el('div', { class: 'groups' }, el('div', { class: 'controls' }, el('span', { class: 'inline' }, 'metric', pick.node), note), el('div', { class: 'group-columns' }, list, answer));

  /** Who is compared: as chosen; else the baseline run's group, or the second one, with the first other: the newest against the one before. */
  const sides = (): { baseline?: GroupStats; candidate?: GroupStats } => {
    const of = (id: string): GroupStats | undefined => groups.find((group) => group.group === id);
    const pinned = panel.baseline()?.id;
    const chosen = of(state().candidate);
    const baseline = of(state().baseline) ?? groups.find((group) => pinned !== undefined && group.runs.includes(pinned)) ?? groups.find((group) => group !== (chosen ?? groups[0])) ?? groups[0];
    const candidate = chosen && chosen !== baseline ? chosen : groups.find((group) => group !== baseline);
    return { ...(baseline ? { baseline } : {}), ...(candidate ? { candidate } : {}) };
  };

  const ask = async (): Promise<void> => {
    const mine = (asked += 1);
    const wanted = metric();
    if (!wanted) {
      groups = [];
      return draw();
    }
    if (groups.length === 0) fill(list, skeleton(4));
    const { selected } = panel.state();
    const runs = selected.length > 1 ? [...selected] : (await panel.runs.sample([])).rows.map((row) => row.id);
    if (mine !== asked) return;
    const found = runs.length === 0 ? [] : (await panel.host.ask('compare.groups', { runs, metric: wanted })).groups;
    if (mine !== asked) return;
    groups = found.filter((group) => group.n > 0);
    note.textContent = `${count(groups.length, 'group')} of ${selected.length > 1 ? count(runs.length, 'selected run') : count(runs.length, 'run')}; same params apart from the seed`;
    draw();
    await judge(mine);
  };
  const refresh = (): void => {
    if (!shown) return;
    pick.set(metric(), panel.keys().metrics.map((key) => ({ value: key, label: key })));
    attempt(ask(), (error) => {
      fill(list, errorState('The groups can\u2019t be compared', error, refresh));
      fill(answer);
    });
  };

  async function judge(mine: number): Promise<void> {
    const { baseline, candidate } = sides();
    if (!baseline || !candidate) return;
    const verdictOn = (one: string): Promise<Verdict> => panel.host.ask('compare.verdict', { baseline: baseline.runs, candidate: candidate.runs, metric: one });
    const main = await verdictOn(metric());
    if (mine !== asked) return;
    const names = el('p', { class: 'sides' }, el('strong', { title: candidate.label }, candidate.label), ' against ', el('strong', { title: baseline.label }, baseline.label));
    const rest = el('div', { class: 'other-metrics' });
    fill(answer, names, verdictCard(main, (run) => attempt(panel.host.ask('host.rerun', { run }), (error) => fill(rest, errorState('The form can\u2019t be opened', error, refresh)))), rest);
    const both = [...baseline.runs.slice(0, 1), ...candidate.runs.slice(0, 1)].map((id) => panel.runs.byId(id)?.metrics ?? {});
    const others = Object.keys(both[0] ?? {}).filter((key) => key !== metric() && both.every((metrics) => key in metrics)).sort().slice(0, OTHERS);
    if (others.length === 0) return;
    const verdicts = await Promise.all(others.map(verdictOn));
    if (mine === asked) fill(rest, otherMetrics(verdicts, (key) => set({ metric: key })));
  }

  function draw(): void {
    if (groups.length === 0) {
      fill(answer);
      return fill(list, emptyState({ title: 'No groups yet', detail: metric() ? `None of these runs has a value of ${metric()}.` : 'Groups appear once runs log a metric.' }));
    }
    const { baseline, candidate } = sides();
    const mark = baseline?.mean ?? null;
    const scale = intervalScale(groups.flatMap((group) => [group.mean, group.low, group.high]));
    const format = columnFormat(groups.flatMap((group) => [group.mean, group.low, group.high].filter((value) => value !== null)));
    const choice = (side: 'baseline' | 'candidate', group: GroupStats): HTMLElement => {
      const input = el('input', { attrs: { type: 'radio', name: side, 'aria-label': `${group.label} is the ${side}` } });
      input.checked = (side === 'baseline' ? baseline : candidate) === group;
      input.addEventListener('change', () => {
        const other = side === 'baseline' ? candidate : baseline;
        // Choosing the other side's group swaps them.
        if (other !== group) return set({ [side]: group.group });
        const own = side === 'baseline' ? baseline : candidate;
        set(side === 'baseline' ? { baseline: group.group, candidate: own?.group ?? '' } : { candidate: group.group, baseline: own?.group ?? '' });
      });
      return input;
    };
    const row = (group: GroupStats): HTMLElement => el('tr', { class: group === baseline ? 'baseline' : group === candidate ? 'candidate' : '', on: { mouseenter: () => panel.highlight(group.runs[0] ?? null), mouseleave: () => panel.highlight(null) } },
      el('td', { class: 'choice' }, choice('baseline', group)), el('td', { class: 'choice' }, choice('candidate', group)),
      el('th', { class: 'text', title: group.label, attrs: { scope: 'row' } }, group.label), el('td', { class: 'numeric' }, group.n),
      el('td', { class: 'numeric' }, group.mean === null ? NONE : format(group.mean)),
      el('td', { class: 'numeric range', title: group.method }, group.low === null || group.high === null ? 'no interval' : `${format(group.low)} to ${format(group.high)}`),
      el('td', { class: 'bar' }, intervalBar({ mean: group.mean, low: group.low, high: group.high, scale, mark, label: `${group.label}: ${group.method}` })));
    const many = groups.length > 100;
    fill(list, el('table', {}, el('thead', {}, el('tr', {},
      ...[['baseline', 'Baseline'], ['candidate', 'Candidate']].map(([short, title]) => el('th', { class: 'choice', title: title ?? '', attrs: { scope: 'col' } }, short)),
      el('th', { attrs: { scope: 'col' } }, 'group'), el('th', { class: 'numeric count', attrs: { scope: 'col' } }, 'runs'), el('th', { class: 'numeric mean', title: `mean ${metric()}`, attrs: { scope: 'col' } }, 'mean'),
      el('th', { class: 'numeric range', attrs: { scope: 'col' } }, '95 % interval'), el('th', { class: 'bar text', title: 'Dashed: the baseline\u2019s mean', attrs: { scope: 'col' } }, 'mean and interval'))),
    el('tbody', {}, ...groups.slice(0, 100).map(row))),
    many ? el('p', { class: 'muted' }, `The first 100 of ${groups.length} groups; filter or select runs for others.`) : null,
    groups.length === 1 ? emptyState({ title: 'One group only', detail: 'A verdict takes two: run again with another value of a param, or add runs.' }) : null);
    if (groups.length === 1) fill(answer);
  }
  const live = throttle(2000, refresh);
  panel.runs.onChange((what) => { if (what === 'all') refresh(); });
  panel.onState((changed) => { if (changed.has('groups') || changed.has('selected') || changed.has('baseline')) refresh(); });
  panel.onChanged((event) => { if (shown && event.metrics.length > 0) live(); });
  return { node, shown() { shown = true; refresh(); }, hidden() { shown = false; } };
}

/** The same question for the other metrics, a line each. */
function otherMetrics(verdicts: readonly Verdict[], choose: (metric: string) => void): HTMLElement {
  const line = (verdict: Verdict): HTMLElement => el('tr', {},
    el('th', { attrs: { scope: 'row' } }, el('button', { class: 'link text', title: `Show ${verdict.metric}`, attrs: { type: 'button' }, on: { click: () => choose(verdict.metric) } }, verdict.metric)),
    el('td', { class: 'word' }, el('span', { class: `word-${toneOf(verdict)}` }, verdict.word)), el('td', { class: 'numeric' }, intervalText(verdict)), el('td', { class: 'bar' }, differenceBar(verdict)));
  return el('section', {}, el('h2', {}, 'Other metrics'), el('p', { class: 'muted' }, 'Each interval stands for itself: among many, one will exclude zero by chance now and then.'), el('table', {}, el('tbody', {}, ...verdicts.map(line))));
}
