import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../testing/plays/mill.ts';
import { act } from './act.ts';
import { address } from './address.ts';
import { bits } from './bits.ts';
import { keep } from './keep.ts';
import { session } from './session.ts';
import { voice } from './voice.ts';
import { when } from './when.ts';

const scene = '# Small\n\n## ACT I\n\n### SCENE I. A field.\n\n';
const small: Readonly<Record<string, string>> = {
  'one speech': `${scene}_Enter ANNA_\n\n**ANNA**\nI am alone in this field, and nobody hears what I say to the sheep.\n`,
  'a chorus only': `${scene}**ALL**\nLong live the king and all who stand beside him on this happy day!\n`,
  'two who only speak together': `${scene}_Enter ANNA and PIET_\n\n**ANNA and PIET**\nWe are two and say all things at once, as you can hear from where you are.\n`,
};

describe('A play with hardly anything in it', () => {
  for (const [name, text] of Object.entries(small))
    it(`of ${name} gives few items or none, and no error`, () => {
      const source = sourceOf(text, {});
      const [character] = source.play.cast;
      for (const about of [source, { ...source, character }])
        for (const task of [act, address, bits, keep, session, voice, when])
          expect(task.items(about).length, task.name).toBeLessThan(12);
    });
});
