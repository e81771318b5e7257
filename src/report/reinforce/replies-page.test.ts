import { describe, expect, it } from 'vitest';
import { replyDefaults } from '../../reinforce/replies/reply-recipe.ts';
import type { ReplyRun } from '../../workspace/runs/reply-run.ts';
import { repliesPage } from './replies-page.ts';

const figures = (reward: number) => ({
  ...{ reward, passed: 0.5, who: 0.4, apt: 0.6, manner: 0.7, kl: 1.1, entropy: 3, words: 20 },
  distinct2: Number.NaN,
});
const told = { asked: 'a', question: 'Who put out the lamp?', reward: 0 };
const run: ReplyRun = {
  name: 'the <b>run</b>',
  config: {
    ...{ character: 'ADA', play: { id: 'coast', sha256: 'c' }, base: 'a'.repeat(64), on: null },
    ...{ templateVersion: 1, rewardVersion: 1 },
    recipe: { ...replyDefaults, form: 'chat', method: 'rloo', steps: 4 },
  },
  steps: [1, 2, 3].map((step) => ({
    ...{ kind: 'step', step, norm: 1, rate: 1, tokens: 9, seconds: 1 },
    figures: figures(0.2 + step / 10),
  })),
  looks: [0, 3].map((step) => ({
    ...{ kind: 'look', step, isBest: step > 0, replies: [] },
    figures: figures(0.25 + step / 100),
  })),
  replies: [1, 2].map((step) => ({
    ...{ kind: 'replies', step },
    replies: [
      { ...told, text: 'I did <not>.', gate: 'length', says: '3 words; 4 to 20 are wanted' },
      { ...told, text: 'It went out by itself, I think.', reward: 0.5 },
    ],
  })),
  end: {
    ...{ kind: 'end', why: 'rule', rule: { rule: 'kl', says: '5.00 nats a reply' } },
    best: { step: 3, reward: 0.28 },
  },
  version: '0123456789ab',
  samples: [{ question: 'Who are you?', before: 'A model.', after: 'Ada, of the lamp.' }],
};

describe('repliesPage', () => {
  const html = repliesPage([run]);

  it('draws rewards beside the shadow, and says why replies got nothing, with the reply', () => {
    expect(html.match(/<svg/g)).toHaveLength(5);
    for (const text of ['3 of 4', 'kl: 5.00 nats a reply', '3 words; 4 to 20 are wanted', '50.0 %'])
      expect(html).toContain(text);
  });

  it('sets what was said before and after side by side', () => {
    for (const text of ['A model.', 'Ada, of the lamp.']) expect(html).toContain(text);
  });

  it('lets nothing that was said be markup', () => {
    expect(html).not.toContain('<b>run');
    expect(html).not.toContain('<not>');
  });

  it('can be drawn of a run that has only begun', () => {
    const begun = { ...run, steps: [], looks: [], replies: [], samples: [], end: undefined };
    expect(repliesPage([begun])).toContain('0 of 4');
  });
});
