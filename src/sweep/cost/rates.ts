/**
 * Rates that a plan assumes where nothing was measured: those of SmolLM2-135M, Q4_1, on two cores of an AMD EPYC
 * (bench/results: eval, epoch, know). Seconds an item, with its controls.
 */
export const secondsAnItem: Readonly<Record<string, number>> = {
  cue: 3.5,
  voice: 0.9,
  who: 0.9,
  bits: 0.6,
  next: 1.3,
  addressee: 1.6,
  address: 1.6,
  stage: 1,
  when: 1.2,
  'when-open': 1.2,
  know: 8.7,
  cloze: 0.2,
  recite: 0.7,
  metre: 0.7,
  style: 0.7,
  session: 0.7,
  duet: 0,
  quartet: 0,
  mask: 1.1,
  keep: 0.3,
  act: 1.7,
};

/** Seconds of those whose controls are most of what is asked, where a study leaves them out (bench/results: know). */
export const secondsAlone: Readonly<Record<string, number>> = { know: 1.45 };

/** Seconds a turn of a scene takes, with what the actor recalls and rejects. */
export const secondsATurn = 2.5;
/** Seconds that one repetition of a bench takes, with its share of the warming up. */
export const secondsARepetition = 12;
/** Seconds from the start of a command to its first item. */
export const secondsToOpen = 4;
/** Tokens a second that training reads. */
export const trainedTokensPerSecond = 420;
/** Tokens that an epoch reads for each word the character says: 33,579 for Hamlet's 11,600, context included. */
export const tokensAWord = 2.9;
/**
 * Tokens that questions made of the digests add for each word the character says: 228,000 for the 18,800 of Hamlet, Macbeth
 * and Lady Macbeth, 10 a word for who says most and 21 for who says least.
 */
export const knowTokensAWord = 12;
/** Tokens of a page that a look at the shadow asks about, whatever a step is held to (twelve plays: 1,194). */
export const tokensOfPage = 1200;
/** The model that the rates are of, in millions of parameters. */
export const ratedParameters = 135;
/** Time grows as parameters to this power: a question of `know` took 1.45 s with 135 million, 10.1 s with 1,543 million. */
export const growth = 0.8;
