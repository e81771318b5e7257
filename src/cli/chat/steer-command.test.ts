import { describe, expect, it } from 'vitest';
import { parseLeverNames } from '../../steer/lever-names.ts';
import { SteeringLevers } from '../../steer/steering-levers.ts';
import { spelledModel } from '../../testing/models/piece-model.ts';
import { castMember, lantern } from '../../testing/plays/lantern.ts';
import { steerCommand } from './steer-command.ts';

const levers = (): Promise<SteeringLevers> =>
  SteeringLevers.open({
    model: spelledModel([' lantern', '\n']),
    shown: () => lantern,
    character: castMember('MARTA'),
    on: ['brackets'],
  });

describe('/steer', () => {
  it('lists every lever with its state, and what the last answer cost', async () => {
    const cost = { lever: 'lexicon', ms: 3, count: 30, per: 'token' } as const;
    const text = await steerCommand(await levers(), undefined, [cost]);
    expect(text).toMatch(/^brackets +on {2}/m);
    expect(text).toMatch(/^lexicon +off .*\(0\.1 ms a token\)$/m);
    expect(text).toMatch(/^strength +1$/m);
  });

  it('turns levers on and off, one or several, and all at once', async () => {
    const board = await levers();
    expect(await steerCommand(board, 'lexicon,ban on')).toBe(
      'Steered now: lexicon, ban, brackets.',
    );
    expect(await steerCommand(board, 'ban off')).toBe('Steered now: lexicon, brackets.');
    expect(await steerCommand(board, '+verse,-lexicon')).toMatch(/^Steered now: .*verse/);
    expect(board.isOn('lexicon')).toBe(false);
    expect(await steerCommand(board, 'off')).toBe('Nothing is steered now.');
    expect(await steerCommand(board, 'on')).toBe(
      `Steered now: ${parseLeverNames('on').join(', ')}.`,
    );
  });

  it('sets the strength and the contrast, which it turns on', async () => {
    const board = await levers();
    await steerCommand(board, 'strength 0.5');
    expect(board.strength).toBe(0.5);
    await steerCommand(board, 'contrast 2');
    expect(board.contrast).toBe(2);
  });

  it('refuses what it does not know, with what there is', async () => {
    await expect(steerCommand(await levers(), 'verse maybe')).rejects.toThrow('"on" or "off"');
    await expect(steerCommand(await levers(), 'nope on')).rejects.toThrow('no lever "nope"');
    await expect(steerCommand(await levers(), 'strength much')).rejects.toThrow('a number from');
  });

  it('shows the pushes as a grammar', async () => {
    const board = await levers();
    await steerCommand(board, 'brackets on');
    expect(await steerCommand(board, 'grammar')).toContain('root ::= ');
  });
});
