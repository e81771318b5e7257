import type { Push } from '../push.ts';

/** In words: a direction is closed by then. */
const longestDirection = 8;

/**
 * Keeps stage directions in square brackets: one a reply, between sentences only, closed in its line within a few words
 * and before the reply ends; other brackets and stars, which models put directions into, are not said.
 */
export function bracketsPush(): Push {
  return {
    grammar: [
      'root ::= plain* | before "[" inside "]" plain*',
      'before ::= blank* | plain* [.!?…] ["\'”’]* blank*',
      'plain ::= [^\\[\\](){}*]',
      'blank ::= [ \\t\\r\\n]',
      `inside ::= word (" " word){0,${longestDirection - 1}}`,
      'word ::= [^ \\t\\r\\n\\[\\](){}*]+',
      '',
    ].join('\n'),
    about: `stage directions in [square brackets], at most ${longestDirection} words, one a reply`,
  };
}
