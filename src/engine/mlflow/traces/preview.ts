/** The short text that stands for a trace's request or response. Source: mlflow.tracing.utils.truncation. */
import { parseText } from './values';

const LONGEST = 1000;

interface Message { role?: unknown; content?: unknown }
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isMessage = (value: unknown): value is Message => isObject(value) && 'role' in value && 'content' in value;

/** Of a chat: the last message of that role; of anything else its JSON text. At most 1,000 characters. */
export function previewOf(text: string, role: 'user' | 'assistant'): string {
  const messages = messagesIn(parseText(text));
  const last = messages.findLast((message) => message.role === role) ?? messages.at(-1);
  const content = (last && contentOf(last.content)) || text;
  return content.length <= LONGEST ? content : `${content.slice(0, LONGEST - 3)}...`;
}

function messagesIn(value: unknown): Message[] {
  if (!isObject(value)) return [];
  if (Array.isArray(value['messages'])) return value['messages'].filter(isMessage);
  const choice: unknown = Array.isArray(value['choices']) ? value['choices'][0] : undefined;
  if (isObject(choice) && isMessage(choice['message'])) return [choice['message']];
  for (const key of ['input', 'output']) if (Array.isArray(value[key])) return value[key].filter(isMessage);
  return isObject(value['request']) ? messagesIn(value['request']) : [];
}

/** The text of a message; of one in parts, the first part that is text. */
function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const part: unknown = content.find((one) => isObject(one) && typeof one['text'] === 'string');
  return isObject(part) && typeof part['text'] === 'string' ? part['text'] : '';
}
