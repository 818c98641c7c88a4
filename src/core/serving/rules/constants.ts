/** Constants, and expressions brought to the type that they have in common, as DuckDB does it. */
import type { PredicateFault } from '../../evaluation/data/predicate-text';
import type { Expression, ValueType } from './types';

type Fault = (message: string) => PredicateFault;
const of = (type: ValueType, value: Expression['value'], scale = 0): Expression => ({ op: 'constant', type, scale, kids: [], value: value ?? null });

/** `written`: a number as it stands in the text. */
export function constant(value: Readonly<Record<string, unknown>>, written: string | null, fault: Fault): Expression {
  const type = String((value['type'] as Record<string, unknown> | undefined)?.['id']);
  if (value['is_null'] === true) return of('null', null);
  if (type === 'VARCHAR') return of('text', String(value['value']));
  if (type === 'BOOLEAN') return of('bool', value['value'] === true);
  if (written !== null) return numberOf(written);
  if (/INT$|INTEGER/.test(type) && Number.isSafeInteger(value['value'])) return of('exact', String(value['value']));
  throw fault("this value can't be asked of each request");
}

/** A number with a point is exact in SQL; with an exponent, or too long for a decimal, it is a double. */
function numberOf(written: string): Expression {
  const [, sign = '', whole = '', fraction = ''] = /^([-+]?)(\d*)\.?(\d*)$/.exec(written) ?? [];
  const digits = `${whole}${fraction}`;
  if (/e/i.test(written) || digits.length > 38) return of('double', Number(written));
  return of('exact', `${sign === '-' ? '-' : ''}${digits.replace(/^0+(?=\d)/, '') || '0'}`, fraction.length);
}

/** A type that all have; a text in quotes is read as what it is held against. */
export function unified(kids: readonly Expression[], fault: Fault): Expression[] {
  const types = new Set(kids.filter((kid) => kid.type !== 'null' && !isText(kid)).map(({ type }) => type));
  if (types.size === 0) return [...kids];
  const to: ValueType = types.has('text') ? 'text' : types.has('double') ? 'double' : types.has('exact') ? 'exact' : 'bool';
  const scale = Math.max(0, ...kids.map((kid) => (kid.type === 'exact' ? kid.scale : 0)));
  return kids.map((kid) => {
    if (kid.type === 'null') return kid;
    if (isText(kid) && to !== 'text') return readAs(String(kid.value), { to, scale: to === 'exact' ? scale : 0, fault });
    if (kid.type === to) return to === 'exact' ? rescaled(kid, scale) : kid;
    if (to === 'double' && (kid.type === 'exact' || kid.type === 'bool')) return constantAs(kid, 'double');
    if (to === 'exact' && kid.type === 'bool') return rescaled({ op: 'exact', type: 'exact', scale: 0, kids: [kid] }, scale);
    throw fault('these two don\'t compare');
  });
}

const isText = ({ op, type }: Expression): boolean => op === 'constant' && type === 'text';

/** With more digits behind the point. */
export function rescaled(kid: Expression, scale: number): Expression {
  if (kid.scale === scale) return kid;
  if (kid.op === 'constant') return { ...kid, scale, value: `${String(kid.value)}${'0'.repeat(scale - kid.scale)}` };
  return { op: 'rescale', type: 'exact', scale, kids: [kid] };
}

const EXACT = 2n ** 53n;
/** As DuckDB does it: what a double can't hold is taken apart at the point. */
export function doubleOf(value: bigint, scale: number): number {
  const power = 10 ** scale;
  if (scale === 0 || (value <= EXACT && value >= -EXACT)) return Number(value) / power;
  const whole = 10n ** BigInt(scale);
  return Number(value / whole) + Number(value % whole) / power;
}

/** As a double, a constant at once. */
export function constantAs(kid: Expression, type: 'double'): Expression {
  if (kid.type === type) return kid;
  if (kid.op === 'constant' && kid.type === 'exact') return of('double', doubleOf(BigInt(String(kid.value)), kid.scale));
  return { op: 'double', type, scale: 0, kids: [kid] };
}

function readAs(said: string, { to, scale, fault }: { to: ValueType; scale: number; fault: Fault }): Expression {
  const plain = said.trim();
  if (to === 'double' && /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(plain)) return of('double', Number(plain));
  if (to === 'exact' && scale === 0 && /^-?\d{1,18}$/.test(plain)) return numberOf(plain);
  if (to === 'bool' && /^(true|false)$/i.test(plain)) return of('bool', plain.toLowerCase() === 'true');
  throw fault(`'${said}' is a text: write the value without quotes`);
}
