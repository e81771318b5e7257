import { leastTokensPerSecond, type RatedModel } from '../../hub/choose-model.ts';
import { megabytes } from '../../hub/disk-space.ts';
import type { ExpectedRate } from '../../hub/expected-rate.ts';
import type { ModelInUse } from '../../hub/model-in-use.ts';

/** Such as "72 tokens/s" or "about 7 tokens/s, by the speed of some.gguf". */
export function rateText(rate: ExpectedRate | undefined): string {
  if (rate === undefined) return 'speed not measured yet';
  const { tokensPerSecond, estimatedFrom } = rate;
  const speed = `${tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)} tokens/s`;
  return estimatedFrom === undefined
    ? `${speed} measured`
    : `about ${speed}, estimated from ${estimatedFrom}`;
}

/** Which model is used where none is named, and why. */
export function inUseText(inUse: ModelInUse): string {
  return `${inUse.name}, ${reasonText(inUse)}`;
}

function reasonText(inUse: ModelInUse): string {
  switch (inUse.from) {
    case 'argument':
      return 'as was asked';
    case 'environment':
      return 'as DRAMATIS_MODEL says';
    case 'settings':
      return 'as "dramatis use" chose';
    case 'choice':
      return choiceText(inUse.choice);
  }
}

function choiceText({ reason, rate }: Extract<ModelInUse, { from: 'choice' }>['choice']): string {
  switch (reason) {
    case 'none-here':
      return 'the one to begin with, since none is here';
    case 'best-here':
      return `the best of those here that is fast enough (${rateText(rate)}; ${leastTokensPerSecond} are wanted)`;
    case 'least-slow':
      return `the fastest of those here (${rateText(rate)}; ${leastTokensPerSecond} are wanted)`;
  }
}

/** One line: which model would answer better here, and how to get it. */
export function betterModelText({ entry: { id, bytes }, rate }: RatedModel): string {
  const facts = [
    megabytes(bytes),
    ...(rate ? [`some ${rate.tokensPerSecond.toFixed(0)} tokens/s`] : []),
  ];
  return `${id} knows more and fits this machine (${facts.join(', ')}): "dramatis pull ${id}" fetches it, and it is used from then on.`;
}
