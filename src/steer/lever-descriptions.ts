/** Every lever of steering, in the order shown, with what it does. */
export const leverDescriptions = {
  lexicon: 'the words that this character says more often than the others',
  ban: 'no phrases of assistants, no words of later times',
  verse: 'iambic pentameter for who speaks verse, prose for the others',
  brackets: 'stage directions in [square brackets] and nowhere else',
  echo: 'no words of the prompt, no sentence said before, no question said back',
  facts: 'the words of what is remembered, where the model is too small to say them by itself',
  unknown: 'words of what the character has not learnt yet, pushed down',
  length: 'to stop as this character’s speeches stop',
  tags: 'no speaker’s label but of those on stage',
  preset: 'temperature and penalties read off the speeches',
  contrast: 'more of what the persona or the adapter adds',
  control: 'a control vector: from the others’ lines towards the character’s',
  reflection: 'several drafts, criticised, the best one spoken',
} as const;

export type LeverName = keyof typeof leverDescriptions;

/** What forbids and never made a scene's speeches dearer, and facts; the others are off unless asked for. */
export const onByDefault: readonly LeverName[] = ['ban', 'brackets', 'echo', 'facts', 'tags'];
