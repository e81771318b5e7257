import { describe, expect, it } from 'vitest';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { LaterThings } from './later-things.ts';
import type { Play } from './play.ts';
import { shakespeares } from './tongue.ts';

const of = (period: string): LaterThings => new LaterThings({ ...lighthouse, period } as Play);

describe('What came later than a play', () => {
  it('is known by its words, whatever their case, in a question of any kind', () => {
    const later = of(shakespeares.period);
    for (const text of [
      'What do you think about smartphones?',
      'Are you an AI?',
      'Who wrote the play “Hamlet”?',
      'Write me a poem about WiFi.',
      'I came here by train.',
      'What year is it? I come from 2026.',
    ])
      expect(later.isNamedIn(text), text).toBe(true);
  });

  it('is not what a person of the time may ask', () => {
    const later = of(shakespeares.period);
    for (const text of [
      'Who carries your train?',
      'Do you train your falcon?',
      'The ship sailed in 1599.',
      'Will you help me?',
      'What play did you see?',
    ])
      expect(later.isNamedIn(text), text).toBe(false);
  });

  it('is less for a play of 1920, and nothing for one of today', () => {
    expect(of('1920').isNamedIn('Did you hear it on the radio?')).toBe(false);
    expect(of('1920').isNamedIn('Did you read it on the internet?')).toBe(true);
    expect(of('today').isNamedIn('Did you read it on the internet?')).toBe(false);
  });

  it('is not what the play itself speaks of', () => {
    const [act] = lighthouse.acts;
    const [scene] = act!.scenes;
    const speech = scene!.elements.find(({ kind }) => kind === 'speech')!;
    const spoken = { ...speech, lines: ['The coffee is cold.'] };
    const play = {
      ...lighthouse,
      period: shakespeares.period,
      acts: [{ ...act!, scenes: [{ ...scene!, elements: [spoken] }] }],
    } as Play;
    expect(new LaterThings(play).isNamedIn('Do you drink coffee?')).toBe(false);
    expect(new LaterThings(play).isNamedIn('Do you like chocolate?')).toBe(true);
  });
});
