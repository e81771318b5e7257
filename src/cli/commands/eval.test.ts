import { afterEach, describe, expect, it, vi } from 'vitest';
import { allTasks } from '../../eval/tasks/all.ts';
import { runCommandLine } from '../command-line.ts';

afterEach(() => vi.restoreAllMocks());

describe('dramatis eval', () => {
  it('refuses options that would do nothing, rather than ignore them', async () => {
    const refusal = (...args: string[]) => runCommandLine(['eval', ...args]);
    for (const [args, what] of [
      [['bits', '--alone'], '--alone is for --ablate'],
      [['bits', '--ablate', 'persona', '--fresh'], '--fresh is not for --ablate'],
      [['bits', '--folds', '5', '--split', 'dev'], '--split does not go with it'],
      [['duet', '--policies', 'aba'], '--policies is for --run'],
      [['bits', '--run'], 'no task "bits"'],
      [['duet', '--run', '--policies', 'argmax'], 'there are turn-model, round-robin'],
      [['duet', '--run', '--settings', 'no-tag'], 'no-tags'],
      [['duet', '--run', '--steer=-tags'], '--run does not go with --steer'],
      [['duet', '--run', '--character', 'hamlet'], '--run does not go with --character'],
      [['who', '--play-fold', '1'], '--play-fold is for --canon'],
      [['who', '--canon', '--play-fold', '4'], '--play-fold'],
      [['who', '--canon', '--plays', 'hamlet'], '--plays does not go with it'],
      [['who', '--canon', '--character', 'hamlet'], '--character does not go with it'],
      [['who', '--plays', 'hamlet,macbeth', '--ablate', 'memory'], '--ablate does not go'],
      [['who', '--plays', 'hamlet,hamlet'], '"hamlet" twice'],
      [['power', '--play', 'hamlet', '--alike', '1'], '--alike'],
      [['power', '--plays', 'hamlet', '--play', 'hamlet'], '--play does not go with it'],
      [['bits', '--context', '512'], 'context'],
      [['compare', 'a.json', 'b.json', '--limit', '3'], 'limit'],
      [['compare', 'a.json', 'b.json', '--json', 'c.json'], 'c.json'],
      [['report', 'a.json', '--gpu', 'off'], 'gpu'],
    ] as const)
      await expect(refusal(...args), args.join(' ')).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining(what),
      });
  });

  it('lists its tasks with a line each in its help', async () => {
    let help = '';
    vi.spyOn(console, 'log').mockImplementation((text) => {
      help += text;
    });
    await runCommandLine(['eval', '--help']);
    for (const { name, summary } of allTasks) {
      expect(help).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 30)}`, 'm'));
    }
  });
});
