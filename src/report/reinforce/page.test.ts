import { describe, expect, it } from 'vitest';
import { choiceDefaults } from '../../reinforce/choice-recipe.ts';
import type { ChoiceRun } from '../../workspace/runs/choice-run.ts';
import { reinforcePage } from './page.ts';

const look = (step: number, reward: number) =>
  ({
    kind: 'look',
    ...{ isBest: step > 0, step, reward, accuracy: reward, entropy: 0.6, drift: 0.1 },
    accuracyBy: { here: 0.9, left: 0.2 },
  }) as const;
const step = (number: number, reward: number) =>
  ({
    kind: 'step',
    ...{ step: number, epoch: 0, reward, accuracy: 0.5, entropy: 0.6, norm: 1 },
    ...{ rate: 1e-4, tokens: 100, seconds: 1 },
  }) as const;

const run: ChoiceRun = {
  name: 'the <b>run</b>',
  config: {
    tasks: [{ name: 'stage', version: 1 }],
    plays: [{ id: 'gatehouse', sha256: 'c'.repeat(64) }],
    ...{ heldOutFold: 0, base: 'a'.repeat(64), on: null, templateVersion: 1 },
    recipe: { ...choiceDefaults, form: 'script', steps: 25 },
  },
  env: {},
  steps: Array.from({ length: 25 }, (_, i) => step(i + 1, 0.5 + i / 100)),
  looks: [look(0, 0.5), look(12, 0.62), look(25, 0.61)],
  end: { kind: 'end', why: 'done', best: { step: 12, reward: 0.62 } },
  version: '0123456789ab',
};

describe('reinforcePage', () => {
  const html = reinforcePage([run, { ...run, name: 'other', end: undefined, version: undefined }]);

  it('draws what is learned beside the shadow, and sets looks side by side', () => {
    expect(html.match(/<svg/g)).toHaveLength(3);
    expect(html).toContain('Expected reward');
    for (const text of ['25 of 25', 'all steps', '0123456789ab', 'not yet', 'left', '0.620'])
      expect(html).toContain(text);
  });

  it('lets no name of a run be markup', () => {
    expect(html).toContain('the &#60;b&#62;run&#60;/b&#62;');
    expect(html).not.toContain('<b>run');
  });

  it('can be drawn of a run that has only begun', () => {
    const begun = { ...run, steps: [], looks: [], end: undefined, version: undefined };
    expect(reinforcePage([begun])).toContain('0 of 25');
  });
});
