import { describe, expect, it } from 'vitest';
import { RunIndex } from '../../corpus/gates/run-index.ts';
import type { Digest } from '../../memory/digests/digest.ts';
import { passagesOf } from '../../memory/passages.ts';
import { UnknownWords } from '../../memory/unknown-words.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { parsePlay } from '../../play/parse.ts';
import { parsePlace } from '../../play/place.ts';
import type { Draft } from './critic.ts';
import { anachronismCritic } from './critics/anachronism.ts';
import { copyingCritic } from './critics/copying.ts';
import { fluencyBand, fluencyCritic } from './critics/fluency.ts';
import { unknownCritic } from './critics/unknown.ts';
import { witnessedCritic } from './critics/witnessed.ts';

const draft = (text: string, natsPerToken = 2): Draft => ({
  text,
  natsPerToken,
  seed: 1,
  tokens: [],
  stop: 'end',
  firstAt: 0,
  lastAt: 0,
});

/** ANSELM hears nothing of Wenna before 1.2, and nothing of what is said in 1.1 at all. */
const play = parsePlay(
  new TextEncoder().encode(`# The Salt House

## ACT I

### SCENE I. The quay.

_Enter WENNA and TOBIAS_

**WENNA**
I sold the boat to pay for bread and told no soul upon this shore of it.

**TOBIAS**
Then let the tide keep what the tide was told.

_Exeunt_

### SCENE II. The salt house.

_Enter ANSELM and TOBIAS_

**TOBIAS**
Wenna sends you word.

**ANSELM**
I never heard her name before tonight.

_Exeunt_
`),
);
const character = findCharacter(play, 'anselm');
const witnessed = (at?: string, told = '') =>
  witnessedCritic({
    play,
    character,
    passages: passagesOf(play),
    told,
    at: at === undefined ? undefined : parsePlace(at),
  });

describe('The critic of what was witnessed', () => {
  it('objects to a person whom nobody has named to the character yet', () => {
    const found = witnessed('1.2').object(draft('Ask Wenna of it.'));
    expect(found?.reason).toContain('Wenna');
    expect(found?.note).toBe('You know nobody called Wenna.');
  });

  it('lets through whom the character has heard of by then, or has been told of', () => {
    expect(witnessed().object(draft('Ask Wenna of it.'))).toBeUndefined();
    expect(witnessed('1.2', 'Do you know Wenna?').object(draft('Wenna? No.'))).toBeUndefined();
  });

  it('objects to words of a scene where the character was not, and not to those they heard', () => {
    const secret = witnessed().object(draft('She sold the boat to pay for bread, they say.'));
    expect(secret?.reason).toContain('1.1.1');
    const own = draft('I never heard her name before tonight, I swear.');
    expect(witnessed().object(own)).toBeUndefined();
    expect(witnessed('1.2').object(own)).toBeDefined();
  });
});

describe('The critic of anachronisms', () => {
  const critic = anachronismCritic(['computer', 'as an AI'], 'What is a computer?');

  it('objects to them, but for those the visitor said first', () => {
    expect(critic.object(draft('As an AI, I know the tide.'))?.reason).toContain('as an AI');
    expect(critic.object(draft('What is this computer?'))).toBeUndefined();
    expect(critic.object(draft('I maintain the tide.'))).toBeUndefined();
  });
});

describe('The critic of copying', () => {
  const known = new RunIndex([{ place: '1.1.1', text: 'one two three four five six seven eight' }]);
  const critic = copyingCritic(known, 'do you keep the lamp alight all night');

  it('objects to eight words of the play in a row, and not to seven', () => {
    expect(critic.object(draft('So: one two three four five six seven eight!'))).toBeDefined();
    expect(critic.object(draft('one two three four five six seven'))).toBeUndefined();
  });

  it('objects to the question given back', () => {
    const echo = draft('You keep the lamp alight all night.');
    expect(critic.object(echo)?.reason).toContain('gives the question back');
  });
});

describe('The critic of fluency', () => {
  const critic = fluencyCritic({ least: 0.5, most: 5 });

  it('objects to silence, circles, what is foreseen and what is no sentence', () => {
    expect(critic.object(draft(''))?.reason).toBe('says nothing');
    expect(critic.object(draft('I am the king and '.repeat(8)))?.reason).toContain('circles');
    expect(critic.object(draft('A word.', 0.2))?.reason).toContain('0.20');
    expect(critic.object(draft('A word.', 7))?.reason).toContain('no sentence');
    expect(critic.object(draft('A word.'))).toBeUndefined();
    expect(critic.object(draft('A word.', Number.NaN))).toBeUndefined();
  });

  it('has a band within which nearly all of the speeches lie', () => {
    const speeches = Array.from({ length: 21 }, (_, i) => 3 + i / 10);
    const { least, most } = fluencyBand(speeches);
    expect(speeches.filter((nats) => nats <= most)).toHaveLength(20);
    expect(least).toBeCloseTo(0.2);
    expect(fluencyBand([4])).toEqual({ least: 0.2, most: 4 });
  });
});

describe('The critic of what is not known yet', () => {
  const sold: Digest = {
    id: '1.1-1',
    from: { act: 1, scene: 1, line: 1 },
    end: { act: 1, scene: 1, line: 1 },
    words: 'I sold the boat',
    text: '{WENNA} secretly pawned the boat for bread.',
    about: [{ key: 'WENNA', name: 'Wenna', members: ['WENNA'] }],
    asks: [],
    known: new Map([['WENNA', { way: 'witnessed', at: { act: 1, scene: 1, line: 1 } }]]),
  };
  const passages = passagesOf(play);
  const others = Array.from({ length: 4 }, (_, i) => ({ ...sold, id: `1.2-${i}`, text: 'Rain.' }));
  const digests = [sold, ...others];
  const unknownTo = (who: string): UnknownWords =>
    new UnknownWords({ play, digests, passages }, { character: who });
  const said = draft('She secretly pawned it, I believe.');

  it('objects to two words of a fact that the character has not learnt', () => {
    expect(unknownCritic(unknownTo('ANSELM'), '').object(said)).toEqual({
      critic: 'unknown',
      reason: 'gives away 1.1-1, which is not known here, by “secretly”, “pawned”',
      note: 'Do not speak of “secretly”, “pawned”: you have heard nothing of it.',
    });
  });

  it('lets them pass with somebody who knows it, and once they have been told', () => {
    expect(unknownCritic(unknownTo('WENNA'), '').object(said)).toBeUndefined();
    const told = 'She pawned it?';
    expect(unknownCritic(unknownTo('ANSELM'), told).object(said)).toBeUndefined();
  });
});
