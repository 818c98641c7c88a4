/** The sections of a card, in their order, and what only a person can say in them. */

export const CARD_SECTIONS = {
  version: 'Version', 'intended-use': 'Intended use', 'out-of-scope-use': 'Out-of-scope use', 'training-data': 'Training data', evaluation: 'Evaluation', slices: 'Slices',
  explanations: 'Explanations', limits: 'Limits', privacy: 'Privacy', 'displacement-and-impact': 'Displacement and impact', 'human-review': 'Human review', 'monitoring-plan': 'Monitoring plan',
  'rollback-plan': 'Rollback plan', history: 'History',
} as const;
export type CardSection = keyof typeof CARD_SECTIONS;
export const SECTION_IDS = Object.keys(CARD_SECTIONS) as CardSection[];
/** Those that approvals, promotions and roll backs themselves make stale: a gate that wants a fresh card before a move asks for the others. */
export const MOVING_SECTIONS: readonly CardSection[] = ['human-review', 'rollback-plan', 'history'];

/** `heading`: of its own within the section. `what`: in a sentence such as 'only a person can write WHAT'. `optional`: asked for, and not missed. */
export interface WritingSpec { id: string; section: CardSection; heading?: string; what: string; questions: readonly string[]; optional?: boolean }

export const WRITINGS: readonly WritingSpec[] = [
  { id: 'intended-use', section: 'intended-use', what: 'what the model is for', questions: ['Which decision or task is it for, and whose?', 'Who uses it, on which people or things, and where?', 'What does a person do with what it says?'] },
  { id: 'out-of-scope-use', section: 'out-of-scope-use', what: 'what the model must not be used for', questions: ['For what must it not be used, though someone might try?', 'On which people, places, times or data was it never tried?'] },
  { id: 'training-data', section: 'training-data', what: 'where the training data come from', optional: true, questions: ['Where do the data come from, who collected them, when and why?', 'What is missing or wrong in them, and whom do they leave out?', 'May they be used for this?'] },
  { id: 'limits', section: 'limits', what: 'where the model fails', questions: ['Where is it known to fail, or never tried?', 'What does it take for granted that may change?', 'What should somebody know before trusting a single answer?'] },
  { id: 'privacy', section: 'privacy', what: 'which personal data the model has to do with', optional: true, questions: ['Do the data tell anything of people? Which columns (name them under registry: personal: in runyard.yaml)?', 'Who sees them, how long are they kept, on which ground may they be used?', 'Could the model give away something of those it was trained on?'] },
  { id: 'affected', section: 'displacement-and-impact', heading: 'Who is affected', what: 'who is affected', questions: ['Whose work, money, health, rights or time does it touch, also of those who never use it?', 'Who is touched most, and who has least to say?'] },
  { id: 'change-for-people', section: 'displacement-and-impact', heading: 'What changes for them', what: 'what changes for those affected', questions: ['What was done by people before, and what becomes of their work?', 'What gets better, what gets worse, and for whom?'] },
  { id: 'change-for-business', section: 'displacement-and-impact', heading: 'What changes for the business', what: 'what changes for the business', questions: ['What does it save or earn, and what does a wrong answer cost?', 'What can no longer be done once people rely on it?'] },
  { id: 'asked', section: 'displacement-and-impact', heading: 'Who was asked', what: 'who was asked', questions: ['Which of those affected were asked, when, and what did they say?', 'What was changed because of it? If nobody was asked, say so and why.'] },
  { id: 'appeal', section: 'displacement-and-impact', heading: 'How to object or appeal', what: 'how to object or appeal', questions: ['How does somebody learn that a model had a part in it?', 'To whom do they turn, who decides again, and by when?'] },
  { id: 'monitoring-plan', section: 'monitoring-plan', what: 'how the model is watched', questions: ['What is watched once it is live, how often, and against which limits?', 'Who is told, and what do they do then?', 'How does the truth come back, so that errors are seen?'] },
  { id: 'rollback-plan', section: 'rollback-plan', what: 'who decides to go back', optional: true, questions: ['At which sign does one go back, and who decides?', 'Who has to be told, and what has to be put right afterwards?'] },
];

export const headingOf = (section: CardSection): string => `<!-- ry:section ${section} -->\n\n## ${CARD_SECTIONS[section]}`;

/** A place to write, with the questions in a comment that goes unseen. */
export function writingText({ id, heading, questions }: WritingSpec): string {
  const asked = ['<!--', 'Only a person can write this. Runyard keeps it as it is. Write below this comment:', ...questions.map((one) => `- ${one}`), '-->'].join('\n');
  return `${heading === undefined ? '' : `### ${heading}\n\n`}<!-- ry:write ${id} -->\n${asked}\n\n<!-- /ry:write -->`;
}

/** What stands for an answer and is none. */
const PLACEHOLDER = /^(tbd|tba|t\.b\.d\.|todo|to ?do|n\/?a|none yet|fill in|fill me in|write here|coming soon|lorem ipsum.*|placeholder|wip)$/i;

/** Whether a person wrote something: more than comments, marks and words such as 'tbd'. */
export function isWritten(text: string): boolean {
  const said = text.replace(/<!--[\s\S]*?-->/g, ' ').replace(/[^\p{L}\p{N}/. ]+/gu, ' ').trim();
  return /[\p{L}\p{N}]/u.test(said) && !PLACEHOLDER.test(said.replace(/[.\s]+$/, '').replace(/\s+/g, ' '));
}
