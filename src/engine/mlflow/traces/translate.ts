/**
 * Attributes that other instrumentations write, under MLflow's names too: kind, tokens, model, inputs and outputs of OpenTelemetry's GenAI
 * conventions, the ones that frameworks agree on. Source: mlflow.tracing.otel.translation.genai_semconv; OpenTelemetry semantic conventions, gen-ai.
 */
import { SPAN_KEYS } from '../../../core/domain/trace';
import { parseText } from './values';

const KINDS: Readonly<Record<string, string>> = {
  chat: 'CHAT_MODEL', create_agent: 'AGENT', embeddings: 'EMBEDDING', execute_tool: 'TOOL', generate_content: 'LLM', invoke_agent: 'AGENT', text_completion: 'LLM', response: 'LLM',
};

type Texts = Record<string, string>;

/** The attributes (JSON texts) with those added that they imply; what is there already stays. */
export function translate(attributes: Texts): Texts {
  if (!Object.keys(attributes).some((key) => key.startsWith('gen_ai.'))) return attributes;
  const first = (...keys: string[]): string | undefined => keys.map((key) => attributes[key]).find((text) => text !== undefined);
  const added: Texts = {};
  const kind = parseText(attributes['gen_ai.operation.name'] ?? '');
  const known = parseText(attributes[SPAN_KEYS.type] ?? '');
  if (typeof kind === 'string' && KINDS[kind] !== undefined && (known === undefined || known === 'UNKNOWN')) added[SPAN_KEYS.type] = JSON.stringify(KINDS[kind]);
  const usage = usageOf(attributes);
  if (usage !== '' && attributes[SPAN_KEYS.usage] === undefined) added[SPAN_KEYS.usage] = usage;
  const copies: [string, string | undefined][] = [
    [SPAN_KEYS.inputs, first('gen_ai.input.messages', 'gen_ai.tool.call.arguments')], [SPAN_KEYS.outputs, first('gen_ai.output.messages', 'gen_ai.tool.call.result')],
    ['mlflow.llm.model', first('gen_ai.response.model', 'gen_ai.request.model')], ['mlflow.llm.provider', first('gen_ai.provider.name')],
  ];
  for (const [key, text] of copies) if (text !== undefined && attributes[key] === undefined) added[key] = text;
  return { ...attributes, ...added };
}

function usageOf(attributes: Texts): string {
  const count = (...keys: string[]): number | undefined => {
    const value = Number(parseText(keys.map((key) => attributes[key]).find((text) => text !== undefined) ?? '"x"'));
    return Number.isInteger(value) ? value : undefined;
  };
  const [input, output] = [count('gen_ai.usage.input_tokens'), count('gen_ai.usage.output_tokens')];
  const parts: [string, number | undefined][] = [
    ['input_tokens', input], ['output_tokens', output], ['total_tokens', input === undefined || output === undefined ? undefined : input + output],
    ['cache_read_input_tokens', count('gen_ai.usage.cache_read.input_tokens')], ['cache_creation_input_tokens', count('gen_ai.usage.cache_write.input_tokens', 'gen_ai.usage.cache_creation.input_tokens')],
  ];
  if (input === undefined && output === undefined) return '';
  return `{${parts.flatMap(([key, value]) => (value === undefined ? [] : [`"${key}": ${value}`])).join(', ')}}`;
}
