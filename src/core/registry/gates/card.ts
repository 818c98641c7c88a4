/** Is the model card filled, and does it say what is so? */
import type { GateOf } from '../../config/registry';
import type { CardReport, GateEvidence, GateResult } from '../../../protocol/registry';
import { MOVING_SECTIONS, SECTION_IDS } from '../card/sections';
import { counted, listed } from './figures';
import { meant, resultOf, unfit } from './result';

/** Fails where a section that only a person can write is empty, where a figure is another one by now, and where the file is broken. With `sections`, only those count; without, all but those that approvals and moves themselves make stale. A section that no card has is a mistake that blocks. */
export function cardGate(config: GateOf<'card'>, { file, problems, missing }: Pick<CardReport, 'file' | 'problems' | 'missing'>): GateResult {
  const strange = config.sections?.find((one) => !SECTION_IDS.some((id) => same(id, one)));
  if (strange !== undefined) return unfit(config, `a card has no section '${strange}'`, meant(strange, SECTION_IDS));
  const moving: readonly string[] = MOVING_SECTIONS;
  const wanted = (section: string): boolean => config.sections?.some((one) => same(one, section)) ?? !moving.some((one) => same(one, section));
  const told = problems.filter(({ section, kind }) => wanted(section) || (kind === 'broken' && section === ''));
  const silent = missing.filter((section) => wanted(section) && !told.some((one) => one.kind === 'missing' && same(one.section, section)));
  const evidence: GateEvidence[] = [
    ...told.map(({ line, message }): GateEvidence => ({ outcome: 'fail', text: `${file}:${line}: ${message}` })),
    ...silent.map((section): GateEvidence => ({ outcome: 'fail', text: `${file}: the section '${section}' is empty` })),
  ];
  if (evidence.length === 0) return resultOf(config, { outcome: 'pass', reason: `${file} is filled, and nothing in it is stale` });
  const [stale, empty] = [told.filter(({ kind }) => kind === 'stale').length, silent.length + told.filter(({ kind }) => kind === 'missing').length];
  const parts = [...(empty > 0 ? [`${counted(empty, 'section')} nobody has written yet`] : []), ...(stale > 0 ? [`${counted(stale, 'sentence')} whose evidence changed`] : []), ...(empty + stale < evidence.length ? [counted(evidence.length - empty - stale, 'broken place')] : [])];
  return resultOf(config, { outcome: 'fail', reason: `${parts.join(', ')}: ${listed(evidence.map(({ text }) => text))}`, evidence, hint: `write the sections in ${file}; \`runyard card NAME VERSION\` brings its figures up to date` });
}

/** 'Intended use' and 'intended-use' are one section. */
const same = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
