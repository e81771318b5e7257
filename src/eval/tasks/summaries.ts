/** A line on each task, in the order reports have them: here, so that the help of `eval` need not load the tasks. */
export const summaries = {
  cue: 'Which line answers what was just said, among lines as long',
  voice: 'Which character’s voice makes a speech likeliest',
  bits: 'Bits per byte of own speeches, of others’ and of plain prose under the same label',
  next: 'Who speaks next, where it is not who spoke before last',
  addressee: 'Whom a speech is spoken to, of those on stage, names taken out',
  stage: 'Who is on stage now, by the entrances and exits on the page',
  when: 'Knowing at each point of the story what can be known there, and no more',
  cloze: 'How well the words themselves are known: a probe of exposure',
  recite: 'How much is recited word for word',
  metre: 'Lines of ten or eleven syllables as often as the character’s own',
  style: 'Words of all answers together like the character’s own',
  duet: 'How two people share a conversation',
  quartet: 'How four people or more share a conversation',
  mask: 'Stays in the role when tempted out of it',
  keep: 'Plain prose, copying, adding and JSON: what training must not undo',
  act: 'Bits per byte of how a scene goes on after its first four turns',
} as const;
