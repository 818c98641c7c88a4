/** Traces as they cross a boundary: what a program did, span by span. Times in seconds since the epoch. */
export type TraceState = 'STATE_UNSPECIFIED' | 'OK' | 'ERROR' | 'IN_PROGRESS';

export interface TraceRow {
  id: string; name: string; state: TraceState; started: number; /** seconds; null as long as it isn't known */ took: number | null;
  /** the beginning of what went in and what came out */
  request: string; response: string;
}

/** Texts are JSON where they aren't said to be otherwise. */
export interface SpanRow {
  id: string; /** null: a root */ parent: string | null; name: string; /** LLM, TOOL, CHAIN ... UNKNOWN */ type: string;
  state: 'OK' | 'ERROR' | 'UNSET'; /** plain text: why it failed */ message: string; started: number; took: number | null;
}
export interface SpanFacts {
  inputs: string | null; outputs: string | null; attributes: Record<string, string>; events: { name: string; t: number; attributes: string }[];
}

export interface AssessmentRow { name: string; kind: 'feedback' | 'expectation' | 'issue'; value: string; /** plain text */ rationale: string; source: string }
export interface TraceDetail extends TraceRow { experiment: string; metadata: Record<string, string>; tags: Record<string, string>; assessments: AssessmentRow[] }
