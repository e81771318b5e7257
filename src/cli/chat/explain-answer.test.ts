import { describe, expect, it } from 'vitest';
import type { Dialogue } from '../../actor/dialogue.ts';
import type { Reply } from '../../actor/reply.ts';
import { explainAnswer } from './explain-answer.ts';

const reply = {
  speaker: 'HAMLET',
  reply:
    'He was stabbed behind the arras, as I took him for his better.\nAlas, a rash and bloody deed.',
  tokens: 24,
  tokensPerSecond: 31.2,
  promptTokens: 1769,
  reusedTokens: 1200,
  droppedTurns: 0,
  recalled: [],
  seed: 7,
  stop: 'end',
  adapters: [],
  costs: [],
} as unknown as Reply;

/** What is said of an answer that came about so; undefined: of an earlier session. */
function explained(last: Partial<Reply> | undefined, turn: object = {}): string {
  const said = { speaker: 'HAMLET', text: reply.reply, adapters: [], ...turn };
  const dialogue = {
    last: last && { ...reply, ...last },
    conversation: { turns: [{ speaker: 'VISITOR', text: 'How?' }, said] },
    actor: { character: { name: 'HAMLET' }, persona: { displayName: 'Hamlet' }, steering: {} },
  };
  return explainAnswer(dialogue as unknown as Dialogue);
}

describe('/why', () => {
  it('names the answer, and says how it was drawn', () => {
    const lines = explained({}).split('\n');
    expect(lines[0]).toBe('On “He was stabbed behind the arras, as I took him for…”:');
    expect(lines).toContain('Nothing was recalled.');
    expect(lines).toContain('Drawn with seed 7: 24 tokens at 31 a second, ended by its own end.');
    expect(lines.at(-1)).toBe('The prompt had 1769 tokens, 1200 of them read before.');
  });

  it('says of each memory where it is from, what it is and how it was found', () => {
    const at = { place: '3.4.24', end: '3.4.33' };
    const told = { at: '4.1.8', by: 'Gertrude' };
    const text = explained({
      recalled: [
        { kind: 'digest', ...at, told, text: 'Hamlet killed Polonius.', score: 0.934 },
        { kind: 'speech', ...at, speaker: 'QUEEN', text: 'O, what a\nrash deed', score: 0.97 },
        { kind: 'speech', ...at, speaker: 'QUEEN', text: 'Ay me', score: 0.5 },
      ],
    });
    expect(text.split('\n').slice(2, 5)).toEqual([
      '  3.4.24–33, told by Gertrude at 4.1.8: Hamlet killed Polonius. (a fact, which fits the question by 93%)',
      '  3.4.24–33: QUEEN: O, what a rash deed (found by its words and by its meaning)',
      '  3.4.24–33: QUEEN: Ay me (found by its words or by its meaning alone)',
    ]);
  });

  it('has the verdict of the gate in words', () => {
    const known = { id: '1.1-9', score: 0.612 };
    const unknown = { id: '1.5-8', score: 0.934 };
    expect(explained({ knowing: { isKnown: false, known, unknown, isStrange: false } })).toContain(
      'Taken for something that Hamlet does not know here: the nearest fact known fits by 61%, the nearest fact not known fits by 93%.',
    );
    expect(explained({ knowing: { isKnown: false, isStrange: true } })).toContain(
      'a name in the question is nowhere in the play',
    );
    expect(explained({ knowing: { isKnown: true, known, isStrange: false } })).toContain(
      'that Hamlet knows: the nearest fact known fits by 61%, no fact not known is near.',
    );
  });

  it('has the levers with their costs in one line, in seconds where it is seconds', () => {
    const costs = [
      { lever: 'ban', ms: 2.412, count: 24, per: 'token' },
      { lever: 'reflection', ms: 27_000, count: 1, per: 'reply' },
    ] as const;
    const levers = ['ban', 'facts', 'reflection'];
    expect(explained({ costs }, { levers })).toContain(
      'Steered by ban (0.1 ms a token), facts, reflection (27.0 s a reply).',
    );
  });

  it('has what is kept of an answer of an earlier session', () => {
    expect(
      explained(undefined, { seed: 3, levers: ['ban'] })
        .split('\n')
        .slice(1),
    ).toEqual(['Spoken with the model alone.', 'Steered by ban.', 'Drawn with seed 3.']);
  });

  it('says so where nothing was answered yet', () => {
    expect(explained(undefined, { speaker: 'VISITOR' })).toBe('Nothing has been answered yet.');
  });
});
