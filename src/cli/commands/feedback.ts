import type { Command } from '../command';
import { importFeedback } from '../feedback/import';
import { exportReviews, queue } from '../feedback/review';
import { agreement, judge, summary, undo } from '../feedback/say';
import { optionsOf, runSubcommand, usageLines, type Subcommand } from '../registry/subcommand';

const all: readonly Subcommand[] = [importFeedback, summary, queue, judge, undo, agreement, exportReviews];

export const feedback: Command = {
  name: 'feedback',
  usage: `${all.map(({ name }) => name).join('|')} ... --model NAME@ENV`,
  summary: 'what is right of what a model said: labels that come late, and people\'s reviews',
  more: `${usageLines('feedback', all)}\n\nWhat is imported counts before reviews, a later import before an earlier one. Exit status of import: 1 where no row could be joined.`,
  example: 'runyard feedback import labels.csv --model loan@production',
  options: optionsOf(all),
  words: { least: 1, most: Infinity, what: `what to do: ${all.map(({ name }) => name).join(', ')}` },
  run: (call) => runSubcommand(call, 'feedback', all),
};
