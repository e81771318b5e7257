/**
 * Exponentials and logarithms that have the same bits on every machine. `Math.exp` and `Math.log` may differ in the last
 * one between processors and versions of Node; sums and products of doubles never do.
 *
 * @see Sun Microsystems, fdlibm, `e_exp.c` and `e_log.c`, 1993: errors below one unit in the last place.
 */

const ln2High = 6.931471803691238e-1;
const ln2Low = 1.9082149292705877e-10;
const expTerms = [
  1.6666666666666602e-1, -2.7777777777015593e-3, 6.613756321437934e-5, -1.6533902205465252e-6,
  4.1381367970572385e-8,
];
const logTerms = [
  6.666666666666735e-1, 3.999999999940942e-1, 2.857142874366239e-1, 2.2222198432149784e-1,
  1.818357216161805e-1, 1.5313837699209373e-1, 1.4798198605116586e-1,
];
/** Beyond these a result is no longer a normal double. */
const [leastPower, mostPower] = [-708, 709];

/** e to the power of `x`: 0 below −708, where doubles lose their precision. */
export function portableExp(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < leastPower) return 0;
  if (x > mostPower) return Number.POSITIVE_INFINITY;
  const k = Math.round(x / 6.931471805599453e-1);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const c = r - r * r * polynomial(expTerms, r * r);
  return (1 - (low - (r * c) / (2 - c) - high)) * powerOfTwo(k);
}

/** The natural logarithm of a normal double above 0. */
export function portableLog(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) return x > 0 ? x : Number.NaN;
  bits.setFloat64(0, x);
  let k = (bits.getUint32(0) >>> 20) - 1023;
  let f = x * powerOfTwo(-k);
  if (f > Math.SQRT2) {
    f /= 2;
    k++;
  }
  f -= 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  const r = s * s * polynomial(logTerms, s * s);
  return k * ln2High - (half - (s * (half + r) + k * ln2Low) - f);
}

const bits = new DataView(new ArrayBuffer(8));

/** @param k From −1022 to 1023. */
function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

function polynomial(terms: readonly number[], x: number): number {
  return terms.reduceRight((sum, term) => sum * x + term, 0);
}
