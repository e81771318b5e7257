import { grammarWeight, type Push } from '../push.ts';

/** Log-weight of each line's end within a speech of prose. */
export const proseBreak = -6;

/** For who speaks prose: no line ends within a speech. */
export function prosePush(): Push {
  return {
    grammar: `root ::= [^\\n]* (${grammarWeight(proseBreak)} "\\n" [^\\n]*)*\n`,
    about: 'prose: no line ends within a speech',
  };
}
