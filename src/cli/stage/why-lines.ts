import type { NextEvent } from '../../stage/events.ts';
import { whyNext } from '../../stage/why-next.ts';

/** A line for each candidate, "OPHELIA .61  called by the last turn +1.21, has just come on +.62"; none where no features spoke. */
export function whyLines(event: NextEvent, turnModel: string | undefined): string[] {
  const candidates = whyNext(event, turnModel);
  if (candidates.every(({ parts }) => parts.length === 0)) return [];
  return candidates.map(({ name, probability, isChosen, parts }) => {
    const reasons = parts.map(({ feature, logits }) => `${feature} ${signed(logits)}`).join(', ');
    const mark = isChosen ? '>' : ' ';
    return `      ${mark} ${name} ${withoutZero(probability.toFixed(2))}  ${reasons}`.trimEnd();
  });
}

function signed(logits: number): string {
  return `${logits < 0 ? '−' : '+'}${withoutZero(Math.abs(logits).toFixed(2))}`;
}

function withoutZero(digits: string): string {
  return digits.replace(/^0(?=\.)/, '');
}
