/** The reference cases there are: those of this repository, and those under $RUNYARD_REFERENCE_CASES. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { COLUMN_TYPES } from '../../../src/protocol/evaluation/request';
import { predicate } from './predicates';
import { tolerance } from './tolerances';

const label = z.union([z.string(), z.number(), z.boolean()]);
const caseFile = z.looseObject({
  id: z.string(), task: z.string(), label: z.string().optional(), classes: z.array(label).optional(), positive: label.optional(),
  columns: z.record(z.string(), z.enum(COLUMN_TYPES)), rows: z.record(z.string(), z.number()), models: z.array(z.string()).default([]),
  inputs: z.discriminatedUnion('layout', [
    z.looseObject({ layout: z.literal('single'), name: z.string(), columns: z.array(z.string()) }),
    z.looseObject({ layout: z.literal('columns'), inputs: z.array(z.looseObject({ name: z.string(), column: z.string() })) }),
  ]).optional(),
  drift: z.record(z.string(), z.enum(['numeric', 'categorical'])).optional(),
  slices: z.array(z.object({ id: z.string(), where: predicate })).default([]),
  sliceline: z.object({
    alpha: z.number(), k: z.number(), max_l: z.number(), min_sup: z.number(), error: z.enum(['zero_one', 'absolute']),
    columns: z.array(z.object({ col: z.string(), edges: z.array(z.number()).optional() })),
  }).optional(),
  gate: z.looseObject({ max_worsening: z.number(), alpha: z.number(), min_n: z.number() }).optional(),
});
const part = z.record(z.string(), z.unknown());
const expectedFile = z.looseObject({ drift: part.optional(), models: z.record(z.string(), part).default({}), compare: z.record(z.string(), part).default({}), tolerances: z.array(tolerance).default([]) });

export interface ReferenceCase { folder: string; about: z.output<typeof caseFile>; expected: z.output<typeof expectedFile> }
export const FORMATS = ['csv', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];
export const SETS = ['current', 'reference'] as const;
export type DataSet = (typeof SETS)[number];

const OURS = path.resolve(import.meta.dirname, '../../fixtures/reference');

/** In the order of their names, ours first. A case.json that can't be read is an error that names the folder. */
export function referenceCases(): ReferenceCase[] {
  const elsewhere = process.env.RUNYARD_REFERENCE_CASES;
  return [OURS, ...(elsewhere ? [path.resolve(elsewhere)] : [])].flatMap((home) =>
    readdirSync(home).sort().map((name) => path.join(home, name)).filter((folder) => existsSync(path.join(folder, 'case.json'))).map(readCase));
}

function readCase(folder: string): ReferenceCase {
  const read = <T>(name: string, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
    if (!parsed.success) throw new Error(`${path.join(folder, name)}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
  return { folder, about: read('case.json', caseFile), expected: read('expected.json', expectedFile) };
}
