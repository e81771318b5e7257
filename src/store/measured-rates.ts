import type { MeasuredRate, RateOf, Settings } from './settings.ts';

/** Entries that are kept, the newest: more than the models and processors of one user. */
const mostRates = 200;

/** The rate that was measured last with just this model, processor and set of kernels; undefined if none was. */
export function measuredRate(settings: Settings, of: RateOf): MeasuredRate | undefined {
  return settings.get('rates')?.find((rate) => isOf(rate, of));
}

/** Notes a rate, in place of the one that was measured before. */
export function recordRate(settings: Settings, of: RateOf, tokensPerSecond: number): Promise<void> {
  if (!(tokensPerSecond > 0 && Number.isFinite(tokensPerSecond))) {
    throw new RangeError(`a rate is ${tokensPerSecond} tokens per second; more than 0 is wanted`);
  }
  const { what, file, bytes, processor, kernels } = of;
  const date = new Date().toISOString();
  const rate = { what, file, bytes, processor, kernels, tokensPerSecond, date };
  return settings.update((data) => {
    const others = (data.rates ?? []).filter((one) => !isOf(one, of));
    data.rates = [rate, ...others].slice(0, mostRates);
  });
}

function isOf(rate: MeasuredRate, of: RateOf): boolean {
  const keys = ['what', 'file', 'bytes', 'processor', 'kernels'] as const;
  return keys.every((key) => rate[key] === of[key]);
}
