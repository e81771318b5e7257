import { type Bound, decimalsIn, integersIn, type NumberRange } from './number-range.ts';
import { type Pointer, refuseAt } from './refuse-keyword.ts';
import type { Rules } from './rules.ts';
import type { SchemaObject } from './schema.ts';

/** Multiples that are listed one by one. */
const mostListed = 1000;
/** The most that a step may be for a rule of each remainder. */
const mostRemainders = 100;

/** The grammar of a number between its bounds, or of a multiple. */
export function numberGrammar(
  type: 'integer' | 'number',
  schema: SchemaObject,
  at: Pointer,
  rules: Rules,
): string {
  const range = rangeOf(schema, at);
  if (range.low && range.high && range.low.value > range.high.value)
    refuseAt(at, 'no number is within its bounds');
  const step = stepOf(schema, at);
  if (step !== undefined && !(step === 1 && type === 'integer'))
    return multiples({ step, type, range }, at, rules);
  if (!range.low && !range.high) return freeNumber(type, rules);
  const parts = type === 'integer' ? integersIn(range) : decimalsIn(range);
  if (parts.length === 0) refuseAt(at, 'no number is within its bounds');
  return alternatives(parts);
}

function freeNumber(type: 'integer' | 'number', rules: Rules): string {
  const integer = rules.shared('integer', () => '"-"? ("0" | [1-9] [0-9]{0,15})');
  if (type === 'integer') return integer;
  return rules.shared('number', () => `${integer} ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?`);
}

const alternatives = (parts: readonly string[]): string =>
  parts.length === 1 ? parts[0]! : `(${parts.join(' | ')})`;

function rangeOf(schema: SchemaObject, at: Pointer): NumberRange {
  const low = boundOf(schema, ['minimum', 'exclusiveMinimum'], at);
  const high = boundOf(schema, ['maximum', 'exclusiveMaximum'], at);
  return {
    low: tighter(low, (a, b) => a > b),
    high: tighter(high, (a, b) => a < b),
  };
}

function tighter(
  bounds: readonly Bound[],
  isTighter: (a: number, b: number) => boolean,
): Bound | undefined {
  return bounds.reduce<Bound | undefined>(
    (best, one) =>
      !best || isTighter(one.value, best.value) || (one.value === best.value && one.isStrict)
        ? one
        : best,
    undefined,
  );
}

/** A bound and a strict one; before draft 6 the strict one is a switch of the other. */
function boundOf(
  schema: SchemaObject,
  [plain, strict]: readonly [string, string],
  at: Pointer,
): Bound[] {
  const isSwitched = schema[strict] === true;
  const found: Bound[] = [];
  for (const keyword of [plain, strict]) {
    const value = schema[keyword];
    if (value === undefined || typeof value === 'boolean') continue;
    if (typeof value !== 'number' || !Number.isFinite(value))
      refuseAt(at, `"${keyword}" is ${JSON.stringify(value)}; a number is wanted`);
    found.push({ value: Number(value), isStrict: keyword === strict || isSwitched });
  }
  return found;
}

function stepOf({ multipleOf: step }: SchemaObject, at: Pointer): number | undefined {
  if (step === undefined) return undefined;
  if (typeof step === 'number' && step > 0 && Number.isFinite(step)) return step;
  return refuseAt(at, `"multipleOf" is ${JSON.stringify(step)}; a number above 0 is wanted`);
}

interface Multiples {
  readonly step: number;
  readonly type: 'integer' | 'number';
  readonly range: NumberRange;
}

function multiples(asked: Multiples, at: Pointer, rules: Rules): string {
  const listed = listedMultiples(asked);
  if (listed) {
    if (listed.length === 0) refuseAt(at, 'no multiple of "multipleOf" is within its bounds');
    return alternatives(listed.map((text) => `"${text}"`));
  }
  const { step, type, range } = asked;
  const sign = signOf(range);
  if (sign !== undefined && Number.isInteger(step) && step <= mostRemainders)
    return `${sign.minus} ${remainderRules(step, rules, sign.hasZero)}`;
  const decimals = decimalsOf(step);
  if (type === 'number' && sign?.hasZero && step === 10 ** -decimals)
    return `${sign.minus} ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,${decimals}})?`;
  return refuseAt(
    at,
    '"multipleOf" cannot be kept in so wide a range; give "minimum" and "maximum"',
  );
}

/** All multiples where there are few; undefined where there are many, or bounds are missing. */
function listedMultiples({ step, type, range: { low, high } }: Multiples): string[] | undefined {
  if (!low || !high) return undefined;
  const decimals = decimalsOf(step);
  const scale = 10 ** decimals;
  const from = Math.ceil(low.value / step - 1e-9);
  const to = Math.floor(high.value / step + 1e-9);
  if (!(to - from <= mostListed)) return undefined;
  const found: string[] = [];
  for (let i = from; i <= to; i++) {
    const value = (i * Math.round(step * scale)) / scale;
    const isInside =
      (low.isStrict ? value > low.value : value >= low.value) &&
      (high.isStrict ? value < high.value : value <= high.value);
    if (isInside && (type === 'number' || Number.isInteger(value)))
      found.push(value === 0 ? '0' : String(Number(value.toFixed(decimals))));
  }
  return found;
}

/** Digits after the point. */
function decimalsOf(step: number): number {
  const [, fraction = '', exponent = '0'] =
    /^\d+(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(String(step)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

/** What stands before a number that is bounded at 0 or not at all; undefined for other bounds. */
function signOf({ low, high }: NumberRange): { minus: string; hasZero: boolean } | undefined {
  if (!low && !high) return { minus: '"-"?', hasZero: true };
  if (low?.value === 0 && !high) return { minus: '', hasZero: !low.isStrict };
  if (high?.value === 0 && !low) return { minus: '"-"', hasZero: false };
  return undefined;
}

/** Whole numbers without leading zeros that leave no remainder: a rule for each remainder of the digits so far. */
function remainderRules(step: number, rules: Rules, hasZero: boolean): string {
  const nameOf = (remainder: number): string => `multiple-of-${step}-${remainder}`;
  for (let remainder = 0; remainder < step; remainder++)
    rules.shared(nameOf(remainder), () =>
      [
        ...(remainder === 0 ? ['""'] : []),
        ...Array.from({ length: 10 }, (_, d) => `"${d}" ${nameOf((remainder * 10 + d) % step)}`),
      ].join(' | '),
    );
  const first = Array.from({ length: 9 }, (_, i) => `"${i + 1}" ${nameOf((i + 1) % step)}`);
  return alternatives([...(hasZero ? ['"0"'] : []), ...first]);
}
