/**
 * The quantile of Student's t, for any share and any number of degrees of freedom, whole or not.
 *
 * @throws {RangeError} If `share` is not strictly between 0 and 1, or `freedom` is not positive.
 */
export function studentQuantile(share: number, freedom: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError(`share is ${share}; 0 < share < 1 is wanted`);
  if (!(freedom > 0)) throw new RangeError(`freedom is ${freedom}; a positive number is wanted`);
  if (share < 0.5) return -studentQuantile(1 - share, freedom);
  let low = 0;
  let high = 1;
  while (studentCdf(high, freedom) < share && high < 1e12) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, freedom) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The share of Student's t below `t`. */
export function studentCdf(t: number, freedom: number): number {
  const outside = betaShare(freedom / (freedom + t * t), freedom / 2, 0.5);
  return t > 0 ? 1 - outside / 2 : outside / 2;
}

/**
 * The regularised incomplete beta function: the share of Beta(a, b) below x.
 *
 * @see Lentz's way with continued fractions; DiDonato and Morris, 1992, for where to change sides.
 */
function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  return (front * continuedFraction(x, a, b)) / a;
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return value;
}

/** The logarithm of the gamma function of a positive number, by Stirling's series from where it is exact to the last digit. */
function logGamma(x: number): number {
  if (x < 15) return logGamma(x + 1) - Math.log(x);
  const tail = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + tail;
}
