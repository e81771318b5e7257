/** What is asked about; each has its own question and answers. */
export type Matter = 'words' | 'letter' | 'death' | 'meeting' | 'speaker';

/** Names and words that a question is about, as they are written in it. */
export interface Particulars {
  /** Who spoke, read, died or was met. */
  readonly who: string;
  /** The first words said, without the stop after them. */
  readonly words?: string | undefined;
}

interface Form {
  readonly question: (about: Particulars) => string;
  readonly knows: (about: Particulars) => readonly string[];
  readonly knowsNot: (about: Particulars) => readonly string[];
}

/**
 * Questions of a visitor and what may be answered, in our own words and in the manner of the plays. Every answer
 * that knows has one that does not which is as long and as like it as can be: they must differ by what is known.
 */
const forms: Readonly<Record<Matter, Form>> = {
  words: {
    question: ({ who, words }) => `It is told that ${who} said: “${words}…” Do you know of this?`,
    knows: () => [
      'Ay, I was there, and heard it with mine own ears.',
      'I know it well, for I stood by.',
      'Yes, I remember those words.',
    ],
    knowsNot: () => [
      'Nay, I was not there, and heard it not with mine own ears.',
      'I know it not, for I stood not by.',
      'No, I never heard those words.',
    ],
  },
  letter: {
    question: ({ who }) => `${who} read a letter aloud. Do you know what stood in it?`,
    knows: () => [
      'Ay, I was there, and heard it read.',
      'I know it well, for I stood by.',
      'Yes, I remember that letter.',
    ],
    knowsNot: () => [
      'Nay, I was not there, nor heard it read.',
      'I know it not, for I stood not by.',
      'No, I know of no such letter.',
    ],
  },
  death: {
    question: ({ who }) => `What is become of ${who}? Is ${who} dead?`,
    knows: ({ who }) => [
      'Ay, dead. I saw it with mine own eyes.',
      `Yes, ${who} is dead; I stood by.`,
      `It is true that ${who} is dead.`,
    ],
    knowsNot: ({ who }) => [
      'Nay, not dead. I saw no such thing with mine own eyes.',
      `No, ${who} lives, for aught I know.`,
      `It is not true that ${who} is dead.`,
    ],
  },
  meeting: {
    question: ({ who }) =>
      `Since these matters began, have you yet stood in one company with ${who}?`,
    knows: ({ who }) => [
      'Ay, we have stood in one company.',
      `Yes, I have since seen ${who}.`,
      `I have already met with ${who}.`,
    ],
    knowsNot: ({ who }) => [
      'Nay, we have not stood in one company.',
      `No, I have not since seen ${who}.`,
      `I have not yet met with ${who}.`,
    ],
  },
  speaker: {
    question: ({ who, words }) => `You were there, so tell me true: did ${who} say “${words}…”?`,
    knows: ({ who }) => [
      'Ay, it was even so.',
      `Yes, it was ${who} that said it.`,
      `Those words were spoken by ${who}.`,
    ],
    knowsNot: ({ who }) => [
      'Nay, it was not so.',
      `No, it was not ${who} that said it.`,
      `Those words were not spoken by ${who}.`,
    ],
  },
};

/** Tells nothing of what is asked: how likely each answer is in the character's mouth anyway. */
export const neutralQuestion = 'What do you say to me?';

export function questionOf(matter: Matter, about: Particulars): string {
  return forms[matter].question(about);
}

/** Answers that know the matter and answers that do not, as many of each and in the same order. */
export function answersTo(
  matter: Matter,
  about: Particulars,
): { readonly knows: readonly string[]; readonly knowsNot: readonly string[] } {
  const { knows, knowsNot } = forms[matter];
  return { knows: knows(about), knowsNot: knowsNot(about) };
}
