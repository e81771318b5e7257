/** A bound of a number; the value itself may be left out. */
export interface Bound {
  readonly value: number;
  readonly isStrict: boolean;
}

/** Between which bounds a number lies; a missing one is none. */
export interface NumberRange {
  readonly low?: Bound | undefined;
  readonly high?: Bound | undefined;
}

/** Digits that are written after the point, or before it where nothing bounds them. */
const mostDigits = 15;
const digit = '[0-9]';

/** A non-negative decimal: digits before the point without leading zeros, and those after it without closing ones. */
interface Decimal {
  readonly whole: bigint;
  readonly fraction: string;
  readonly isStrict: boolean;
}

/** Alternatives of a grammar for the integers in a range; none if there are none. */
export function integersIn({ low, high }: NumberRange): string[] {
  const least = low && (low.isStrict ? aboveStrictly(low.value) : ceilOf(low.value));
  const most = high && (high.isStrict ? belowStrictly(high.value) : floorOf(high.value));
  if (least !== undefined && most !== undefined && least > most) return [];
  return [...negativeIntegers(least, most), ...naturalIntegers(least, most)];
}

function negativeIntegers(least: bigint | undefined, most: bigint | undefined): string[] {
  if (least !== undefined && least >= 0n) return [];
  const nearest = most === undefined || most >= 0n ? 1n : -most;
  const farthest = least === undefined ? undefined : -least;
  return naturalsIn(nearest, farthest).map((part) => `"-" ${part}`);
}

function naturalIntegers(least: bigint | undefined, most: bigint | undefined): string[] {
  if (most !== undefined && most < 0n) return [];
  return naturalsIn(least === undefined || least < 0n ? 0n : least, most);
}

/** Alternatives of a grammar for the decimals in a range, without exponents; none if there are none. */
export function decimalsIn({ low, high }: NumberRange): string[] {
  const parts: string[] = [];
  const zero: Bound = { value: 0, isStrict: false };
  if (!high || high.value > 0 || (high.value === 0 && !high.isStrict)) {
    const from = !low || low.value < 0 ? zero : low;
    parts.push(...positives(decimalOf(from), high && decimalOf(high)));
  }
  if (!low || low.value < 0) {
    const nearest: Bound = high && high.value < 0 ? negated(high) : { value: 0, isStrict: true };
    const farthest = low && decimalOf(negated(low));
    parts.push(...positives(decimalOf(nearest), farthest).map((part) => `"-" ${part}`));
  }
  return parts;
}

const negated = ({ value, isStrict }: Bound): Bound => ({ value: -value, isStrict });
const floorOf = (value: number): bigint => BigInt(Math.floor(value));
const ceilOf = (value: number): bigint => BigInt(Math.ceil(value));
const aboveStrictly = (value: number): bigint => floorOf(value) + 1n;
const belowStrictly = (value: number): bigint => ceilOf(value) - 1n;

/** Alternatives for whole numbers from `low` to `high`, without leading zeros. */
function naturalsIn(low: bigint, high: bigint | undefined): string[] {
  if (high !== undefined && low > high) return [];
  const lowText = String(low);
  const longest = high === undefined ? undefined : String(high);
  const parts: string[] = [];
  const lastLength = longest?.length ?? lowText.length;
  for (let length = lowText.length; length <= lastLength; length++) {
    const from = length === lowText.length ? lowText : `1${'0'.repeat(length - 1)}`;
    const to = length === longest?.length ? longest : '9'.repeat(length);
    if (from <= to) parts.push(...sameLength(from, to));
  }
  if (longest === undefined)
    parts.push(`[1-9] ${digit}{${lowText.length},${Math.max(mostDigits, lowText.length + 1)}}`);
  // Zero stands alone among numbers of one digit.
  return parts;
}

/** Alternatives for numbers of one length between two of that length. */
function sameLength(from: string, to: string): string[] {
  if (from === '') return ['""'];
  const [a, b] = [from[0]!, to[0]!];
  const rest = from.length - 1;
  if (rest === 0) return [setOf(a, b)];
  if (a === b) return [joined(setOf(a, a), sameLength(from.slice(1), to.slice(1)))];
  const [low, high] = [from.slice(1), to.slice(1)];
  const isLowFree = /^0*$/.test(low);
  const isHighFree = /^9*$/.test(high);
  const first = isLowFree ? a : next(a, 1);
  const last = isHighFree ? b : next(b, -1);
  return [
    ...(isLowFree ? [] : [joined(setOf(a, a), sameLength(low, '9'.repeat(rest)))]),
    ...(first <= last ? [`${setOf(first, last)} ${digit}{${rest}}`] : []),
    ...(isHighFree ? [] : [joined(setOf(b, b), sameLength('0'.repeat(rest), high))]),
  ];
}

const next = (letter: string, by: number): string => String(Number(letter) + by);
const setOf = (low: string, high: string): string =>
  low === high ? `"${low}"` : `[${low}-${high}]`;
const joined = (first: string, rest: readonly string[]): string =>
  `${first} ${rest.length === 1 ? rest[0] : `(${rest.join(' | ')})`}`;

function decimalOf({ value, isStrict }: Bound): Decimal {
  const [, whole, fraction] = /^(\d+)(?:\.(\d+))?$/.exec(plain(Math.abs(value)))!;
  return { whole: BigInt(whole!), fraction: (fraction ?? '').replace(/0+$/, ''), isStrict };
}

/** A number without an exponent. */
function plain(value: number): string {
  if (Number.isInteger(value)) return String(BigInt(value));
  const text = String(value);
  const [, first, more = '', exponent] = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? [];
  return first === undefined ? text : `0.${'0'.repeat(Number(exponent) - 1)}${first}${more}`;
}

function positives(low: Decimal, high: Decimal | undefined): string[] {
  const parts: string[] = [];
  const free = `("." ${digit}{1,${mostDigits}})?`;
  const isOneWhole = high !== undefined && low.whole === high.whole;
  const own = fractions(low, isOneWhole ? high : undefined);
  if (own !== undefined) parts.push(`"${low.whole}" ${own}`);
  if (isOneWhole) return parts;
  for (const between of naturalsIn(low.whole + 1n, high && high.whole - 1n))
    parts.push(`${between} ${free}`);
  if (high) {
    const last = fractions({ whole: 0n, fraction: '', isStrict: false }, high);
    if (last !== undefined) parts.push(`"${high.whole}" ${last}`);
  }
  return parts;
}

/** What may stand after the whole part, the point included; undefined if nothing can, not even no fraction. */
function fractions(low: Decimal, high: Decimal | undefined): string | undefined {
  const allowsNone =
    low.fraction === '' && !low.isStrict && (high?.fraction !== '' || !high.isStrict);
  const digits = digitsBetween(low.fraction, low.isStrict, high && [high.fraction, high.isStrict]);
  if (digits === undefined) return allowsNone ? '""' : undefined;
  return allowsNone ? `("." ${digits})?` : `"." ${digits}`;
}

/**
 * One digit or more after the point, such that the fraction is at least `low` and at most `high`, or strictly so.
 *
 * @param low Undefined once a digit was greater: anything may follow.
 */
function digitsBetween(
  low: string | undefined,
  isLowStrict: boolean,
  high: HighDigits | undefined,
  depth = 0,
): string | undefined {
  if (low === undefined && high === undefined) return `${digit}{1,${mostDigits}}`;
  if (low === '' && !isLowStrict) return digitsBetween(undefined, false, high, depth);
  if (high && high[0] === '') return high[1] || low !== undefined ? undefined : '"0"{1,3}';
  if (low === '' && !high) return `"0"{0,${mostDigits}} [1-9] ${digit}{0,${mostDigits}}`;
  const parts = digitChoices(low, isLowStrict, high, depth);
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : `(${parts.join(' | ')})`;
}

/** The first digit at a bound, with what may follow it; and all digits between the bounds, which anything may follow. */
function digitChoices(
  low: string | undefined,
  isLowStrict: boolean,
  high: HighDigits | undefined,
  depth: number,
): string[] {
  const lowDigit = low === undefined ? 0 : Number(low[0] ?? '0');
  const highDigit = high ? Number(high[0][0]) : 9;
  const parts: string[] = [];
  for (const d of new Set([lowDigit, highDigit])) {
    const isLow = low !== undefined && d === lowDigit;
    const isHigh = high !== undefined && d === highDigit;
    if (d < lowDigit || d > highDigit || !(isLow || isHigh)) continue;
    const tight = { low: isLow ? low : undefined, isLowStrict, high: isHigh ? high : undefined };
    parts.push(...afterDigit(d, tight, depth));
  }
  const first = low === undefined ? lowDigit : lowDigit + 1;
  const last = high ? highDigit - 1 : highDigit;
  if (first <= last) parts.push(`${setOf(String(first), String(last))} ${digit}{0,${mostDigits}}`);
  return parts;
}

/** A digit at which a bound is met, and what may follow. */
function afterDigit(
  d: number,
  {
    low,
    isLowStrict,
    high,
  }: {
    readonly low: string | undefined;
    readonly isLowStrict: boolean;
    readonly high: HighDigits | undefined;
  },
  depth: number,
): string[] {
  const restLow = low?.slice(1);
  const restHigh = high && ([high[0].slice(1), high[1]] as const);
  const mayEnd =
    (restLow === undefined || (restLow === '' && !isLowStrict)) &&
    (restHigh?.[0] !== '' || !restHigh[1]);
  const more = digitsBetween(restLow, isLowStrict, restHigh, depth + 1);
  if (more === undefined) return mayEnd ? [`"${d}"`] : [];
  return [mayEnd ? `"${d}" (${more})?` : `"${d}" ${more}`];
}

/** Digits after the point that are the most, and whether they themselves are left out. */
type HighDigits = readonly [digits: string, isStrict: boolean];
