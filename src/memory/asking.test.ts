import { describe, expect, it } from 'vitest';
import { askingOf } from './asking.ts';

/** What a visitor says who asks for no fact: nobody may be told that nothing is known of it. */
const smallTalk = [
  'Hello.',
  'Good morrow, my lord.',
  'Hail!',
  'How are you?',
  'How now, my lord?',
  'How fares my lord?',
  'How do you feel today?',
  'How do you do?',
  'Who are you?',
  'Who art thou?',
  'What is your name?',
  'Tell me about yourself.',
  'Where are you?',
  'Where do you live?',
  'How old are you?',
  'Do you love Ophelia?',
  'Whom do you love?',
  'Do you fear death?',
  'What do you fear most?',
  'What do you want?',
  'What do you think of the king?',
  'What do you think of love?',
  'What would you do with a crown?',
  'Will you swear?',
  'Will you take revenge?',
  'Would you like some wine?',
  'Can you sing?',
  'Can you help me?',
  'Are you mad?',
  'Are you happy?',
  'Why are you so sad?',
  'Why do you sigh?',
  'What is love?',
  'What is the meaning of life?',
  'What makes a good king?',
  'Should I trust my friends?',
  'Did you sleep well?',
  'Have you ever been in love?',
  'Is it cold tonight?',
  'I am glad to meet you.',
  'Thank you, my lord.',
  'Farewell.',
  'What news?',
  'What would you have done if you were king?',
  'What is the matter?',
  'Give me your counsel.',
  'Sing me a song.',
  'To be or not to be?',
  'Good sir, what would you have me do?',
];

const judgements = [
  'Is he a good king?',
  'Was it right to kill him?',
  'Is your husband very wise?',
];
const facts = [
  'Who killed your father?',
  'Whom did you kill in your mother’s room?',
  'What became of Rosencrantz and Guildenstern?',
  'Hello, my lord. How did Polonius die?',
  'Tell me, who was Yorick?',
  'Do you know who killed the king?',
  'Can you tell me what the ghost said?',
  'What do you know of the murder?',
  'Why did you leave Wittenberg?',
  'With whom is Juliet in love?',
  'What is a telephone?',
  'What is the capital of France?',
  'What is America?',
  'What did you fear when the ghost beckoned?',
  'Why could you not pray?',
  'What could you not wash from your hands?',
  'What did you say you would do to your own child?',
  'Beside whom did you lie at the play?',
  'What did Hamlet make you look at?',
  'How do I send a telegram?',
  'Did Claudius kill your father?',
  'Did you kill Polonius?',
  'Was Ophelia drowned?',
  'Is Polonius dead?',
];

describe('askingOf', () => {
  it.each(smallTalk)('takes "%s" for no question of fact', (words) => {
    expect(askingOf(words)).not.toBe('fact');
  });

  it.each(judgements)('takes "%s" for a matter of judgement', (words) => {
    expect(askingOf(words)).toBe('talk');
  });

  it.each(facts)('takes "%s" for a question of fact', (words) => {
    expect(askingOf(words)).toBe('fact');
  });

  it.each([
    'Who is your mother’s new husband?',
    'Whom do you suspect?',
    'Why do you envy the dead?',
    'What is love?',
    'What is it that weighs on you?',
    'What brings you here, my lord?',
  ])('takes "%s" for a question after what is one’s own', (words) => {
    expect(askingOf(words)).toBe('own');
  });
});
