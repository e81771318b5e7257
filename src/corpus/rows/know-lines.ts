/** Under which rows made of digests are known. */
export const digestSource = 'digests of the play';

/** What stands in the place of memories where nothing is known, as the default template has it. */
export const nothingKnown = 'I have neither seen nor heard anything of that.';

/** What may go before a fact that one saw, or was told, when it is said as an answer; mostly nothing. */
export const leads = {
  witnessed: ['', '', '', 'I remember it well. ', 'Ay. ', 'That I can tell you. '],
  told: ['', '', '', 'I was told of it. ', 'So I have heard. ', 'I was not there, but I know it. '],
} as const;

/** Answers of who does not know, in no one's manner. */
export const unknowing: readonly string[] = [
  nothingKnown,
  'I know nothing of that.',
  'I cannot tell you, for I have not heard of it.',
  'That is more than I know.',
  'Of that I have heard no word.',
  'I know it not; nobody has spoken of it to me.',
  'If it is so, I was not told of it.',
  'You ask me what I have neither seen nor heard.',
];
