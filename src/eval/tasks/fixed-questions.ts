/**
 * What every character is asked by a visitor: of our own wording, about nothing that only one play has, and about nothing
 * that a person of four hundred years ago would not know.
 */
export const fixedQuestions: readonly string[] = [
  'What keeps you awake when the house is asleep?',
  'Tell me of the one you trust most, and how they earned it.',
  'A messenger stands at the gate and will speak to nobody but you. What do you say to him?',
  'What did you dream last night?',
  'If you could take back one word you have spoken, which would it be?',
  'They say you have changed of late. Have you?',
  'What do you think of those who flatter the mighty?',
  'Your oldest friend asks to borrow money that you will not see again. Answer him.',
  'What is it that you fear to lose?',
  'How should a man carry himself when fortune turns against him?',
  'A storm is coming up and we have no shelter. What now?',
  'What do you remember of your father?',
  'Is it ever right to tell a lie?',
  'I bring you bad news, and I beg you not to blame me for it.',
  'What would you have them say of you when you are dead?',
  'Somebody in this room is not what they seem. Whom do you suspect?',
  'Speak to me of love, if you know anything of it.',
  'What is the night good for?',
  'You are wronged and may take revenge, and nobody would ever know. Will you?',
  'I must leave before the morning. Have you a word for me to take along?',
];
