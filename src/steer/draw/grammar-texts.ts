import { Grammar } from '../../engine/grammar.ts';
import type { Sampling } from '../../engine/sampling.ts';

/** The texts of the grammars that a sampling asks for, each with something in it. */
export function grammarTexts(asked: Sampling['grammar'] = ''): string[] {
  const all = typeof asked === 'string' || asked instanceof Grammar ? [asked] : asked;
  return all.map((one) => (typeof one === 'string' ? one : one.text)).filter((text) => text !== '');
}
