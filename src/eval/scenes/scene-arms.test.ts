import { describe, expect, it } from 'vitest';
import { sceneArms, sceneSettings } from './scene-arms.ts';

describe('sceneArms', () => {
  it('begins with the default, and changes one thing at a time', () => {
    const arms = sceneArms(['aba', 'turn-model', 'aba'], ['no-tags', 'default', 'drafts-3']);
    expect(arms.map(({ name }) => name)).toEqual([
      ...['turn-model', 'aba', 'turn-model, no-tags', 'turn-model, drafts-3'],
    ]);
    for (const setting of sceneSettings) {
      const { change } = sceneArms([], [setting]).at(-1)!;
      expect(Object.keys(change)).toHaveLength(setting === 'default' ? 0 : 1);
    }
  });

  it('refuses names that there are not, with those that there are', () => {
    expect(() => sceneArms(['argmax'])).toThrow(
      '--policies has "argmax"; there are turn-model, round',
    );
    expect(() => sceneArms([], ['no-tag'])).toThrow('--settings has "no-tag"');
  });
});
