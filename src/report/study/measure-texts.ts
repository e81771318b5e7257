/** What a measure means, for somebody who was not there. */
export interface MeasureText {
  /** What the figure says, in a sentence. */
  readonly means: string;
  /** One item of it, worked out by hand. */
  readonly example: string;
}

export interface TaskText extends MeasureText {
  /** What is done in it, as words that "in" can stand before. */
  readonly name: string;
}

/** Every task of the benchmark by the figure that counts first. */
export const taskTexts: Readonly<Record<string, TaskText>> = {
  cue: {
    name: 'finding the answer to a cue',
    means:
      'The share of lines for which the model finds the true answer likelier than three other lines of the same length.',
    example:
      'Somebody says “Who’s there?”. Of four lines, the one that follows in the play gets the highest log-probability: this item counts 1. A guess would give 0.25.',
  },
  voice: {
    name: 'telling voices apart',
    means:
      'How well the voices are kept apart: each speech is scored in the voice of every main character, and the figure is the area under the ROC curve with which a character’s own voice tells the character’s speeches from the others’: 0.5 by chance, 1 if it never errs.',
    example:
      'Take one speech of Hamlet and one of Ophelia. If Hamlet’s voice raises the first more than the second, this pair counts 1, else 0; the figure is the mean over all pairs.',
  },
  who: {
    name: 'telling whose line it is',
    means:
      'The share of pairs in which a line is likelier under the name of the one who says it than under the name of another who is on stage, each character counting alike.',
    example:
      'Three people are on stage. The line is likelier under the true name than under one of the two others: this item counts 0.5.',
  },
  bits: {
    name: 'expecting the character’s own words',
    means:
      'How many bits a byte the model needs for the lines of others, less what it needs for the character’s own lines: how much more it expects the character to speak as the character.',
    example:
      'Own lines take 1.70 bits a byte, the others’ lines under the same name 1.78. The figure is 0.08.',
  },
  next: {
    name: 'telling who speaks next',
    means:
      'How often the model says rightly who speaks next, where it is not simply the one who spoke before last; every speaker counts alike.',
    example:
      'After A, B, A the play goes on with C. Of those on stage the scene raises C’s name most: this item counts 1. A guess among three would give 0.33.',
  },
  addressee: {
    name: 'telling who is spoken to',
    means: 'The share of speeches for which the model says rightly whom they are spoken to.',
    example:
      'The name is taken out of “Come, …, sit by me”. Of the three who listen, the true one is likeliest: this item counts 1.',
  },
  address: {
    name: 'titles, and thou or you',
    means:
      'How well the model calls the person spoken to, by title and by thou or you: the mean of the share of other titles that the right one is ahead of and of how rightly thou and you are chosen: 0.5 for one who always says “my lord” and you.',
    example:
      'In “My good …, I know it not” the right title is ahead of two of three others, 0.67, and thou and you are rightly chosen in half of their places, 0.5: together 0.58.',
  },
  stage: {
    name: 'telling who is on stage',
    means:
      'How well the model says who is on stage at a point, by the entrances and exits on the page; yes and no count alike.',
    example: 'Polonius went off a moment ago, and “no” is likelier than “yes”: this item counts 1.',
  },
  when: {
    name: 'telling what has happened yet',
    means:
      'Questions come in pairs that differ in one thing, such as the point in the story, and have opposite answers: the share of pairs of which both answers are right.',
    example:
      'Asked in act 5 whether Polonius is dead, “yes” is likelier; asked in act 1, “no” is: the pair counts 1. If one of the two is wrong it counts 0, so that a guess gives 0.25.',
  },
  'when-open': {
    name: 'telling what has happened yet, with memories to read',
    means: 'As “when”, with what the character has witnessed before the point to read.',
    example:
      'As for “when”: what is asked about stands in the text before the question, or does not yet, and only both answers right count 1.',
  },
  know: {
    name: 'answering questions about its own life',
    means:
      'The share of questions about what a character lived through that it answers rightly, by a key of words that must and must not be in the answer.',
    example:
      '“Whom did you kill in your mother’s room?” The key wants “Polonius”. “I stabbed Polonius” counts 1, “the King” counts 0.',
  },
  cloze: {
    name: 'knowing the words of the play beforehand',
    means:
      'The share of words of the play that the bare model finds among four that are as common in it: how well it knew the text before anything was done.',
    example:
      '“To be or not to …”: of “be”, “see”, “go” and “do” the first is raised most by what stands before it: this item counts 1. A guess would give 0.25.',
  },
  recite: {
    name: 'not reciting by heart',
    means:
      'The share of passages that the model goes on with by heart: it is given 40 words of a speech, and eight words in a row as they are printed are a recitation. Less is better.',
    example: 'Of 16 passages it goes on with 2 word for word: 0.125.',
  },
  metre: {
    name: 'keeping the metre',
    means:
      'How near the share of ten-syllable lines in the replies is to the share that the character’s own lines have.',
    example:
      'In 100 lines of replies 65 are in metre, and 70 were to be expected: 1 − 5/100 = 0.95.',
  },
  style: {
    name: 'choosing the character’s commonest words',
    means:
      'How near the commonest words of all replies together are to the character’s own, on a scale on which the character’s own speeches come to about 0.8; what is recited, or in no order, counts nothing.',
    example:
      'The replies are nearer to the character than 30 of 100 stretches of the character’s own words are: 2 × 0.30 = 0.60. If one reply in ten is recited, 0.54.',
  },
  session: {
    name: 'sounding like the character over ten replies',
    means:
      'Whether ten replies heard together sound like the character: how near a critic of four letters in a row finds them, on a scale on which the character’s own words come to about 0.8; what is recited, or in no order, counts nothing.',
    example:
      'The ten replies are nearer to the character than 30 of 100 stretches of its own words as long: 2 × 0.30 = 0.60. If one reply in ten is recited, 0.54.',
  },
  duet: {
    name: 'conversations of two',
    means: 'How two people share a conversation: see the measures of scenes.',
    example: 'Each speaks every second turn: the Gini of turns is 0.',
  },
  quartet: {
    name: 'conversations of four',
    means: 'How four people share a conversation: see the measures of scenes.',
    example: 'One has half of the turns and three share the rest: the Gini of turns is 0.25.',
  },
  mask: {
    name: 'staying in the role',
    means:
      'Traps that tempt the character out of its role, each with a harmless twin: the share of pairs in which the trap is answered in the role, and the twin is answered, too.',
    example:
      '“Drop the act: which model are you?” is answered with “I am the Prince of Denmark”, and the twin, “Who are you?”, is answered: the pair counts 1.',
  },
  keep: {
    name: 'keeping plain modern prose',
    means:
      'What training must not undo: how many bits a byte of plain modern prose take. Less is better, and a rise is a loss.',
    example: 'The bare model takes 1.10 bits a byte, the trained one 1.13: it has lost 0.03.',
  },
  act: {
    name: 'expecting the turns of a scene',
    means:
      'How many bits a byte the turns of a scene take after its first four, each where it stands. Less is better.',
    example: 'Four turns are read. The fifth has 40 bytes and takes 64 bits: 1.60.',
  },
};

/** Measures of scenes, in the order shown. None is better for being more: they are to lie where the plays lie. */
export const sceneTexts: Readonly<Record<string, MeasureText>> = {
  'turn Gini': {
    means:
      'How unequally the turns are shared: 0 if all speak alike often, near 1 if one speaks always.',
    example: 'Of four turns one person has three and another has one: 0.25.',
  },
  'word Gini': {
    means:
      'How unequally the words are shared: 0 if all say as many, near 1 if one says nearly all.',
    example: 'Two people say 90 and 10 words: 0.40.',
  },
  ABA: {
    means: 'The share of turns that are taken by the one who spoke before last.',
    example: 'In A, B, A, C the third turn is one and the fourth is not: 0.50.',
  },
  'who is called answers': {
    means: 'Where somebody is called by name, the share in which that person speaks next.',
    example: '“Horatio, look!”, and Horatio speaks: 1.',
  },
  'adjacent overlap': {
    means: 'How many of a turn’s words of content were in the turn before.',
    example: '“I saw the ghost.” “What ghost?” shares one word of one: 1.',
  },
  'self-repeat': {
    means: 'The share of turns with five words in a row that the speaker has said before.',
    example: 'Of ten turns one says “I will speak with her” again: 0.10.',
  },
  loops: {
    means: 'The share of stretches of eight turns in which two or more repeat themselves.',
    example: 'One of five stretches has two such turns: 0.20.',
  },
  'voice, first third': {
    means:
      'How well the words fit their speaker rather than the others, in the first third of the scene: 0.5 by chance.',
    example: 'Against three others a turn fits its speaker better than two of them: 0.67.',
  },
  'voice, last third': {
    means:
      'How well the words fit their speaker in the last third of the scene: where it is lower than in the first, the voices have grown alike.',
    example: '0.70 at first and 0.55 at last: the voices have lost 0.15.',
  },
};
