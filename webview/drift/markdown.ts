/** A runbook's Markdown as elements: headings, lists, paragraphs, code, bold and emphasis. What else there is stays text; nothing in it is run or fetched. */
import { parseMarkdown, type Block, type Span } from './model/markdown';
import { el } from '../shared/dom';

const span = ({ text, kind }: Span): Node => (kind === 'code' ? el('code', {}, text) : kind === 'strong' ? el('strong', {}, text) : kind === 'em' ? el('em', {}, text) : document.createTextNode(text));

function block({ kind, lines }: Block): HTMLElement {
  switch (kind) {
    case 'heading': return el('h3', {}, ...(lines[0] ?? []).map(span));
    case 'list': return el('ul', {}, ...lines.map((line) => el('li', {}, ...line.map(span))));
    case 'numbers': return el('ol', {}, ...lines.map((line) => el('li', {}, ...line.map(span))));
    case 'code': return el('pre', { attrs: { tabindex: 0 } }, lines.map((line) => line.map(({ text }) => text).join('')).join('\n'));
    case 'paragraph': return el('p', {}, ...lines.flatMap((line, at) => [...(at > 0 ? [document.createTextNode(' ')] : []), ...line.map(span)]));
    default: return el('p', {});
  }
}

export const markdown = (text: string): HTMLElement => el('div', { class: 'markdown' }, ...parseMarkdown(text).map(block));
