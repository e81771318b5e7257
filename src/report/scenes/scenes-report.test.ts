import { describe, expect, it } from 'vitest';
import {
  anchorResult,
  armDifference,
  armResults,
  type SceneResults,
} from '../../eval/scenes/scene-results.ts';
import { scenesPage } from './page.ts';
import { scenesText } from './text.ts';

const bands = { ABA: { n: 9, mean: 0.5, sd: 0.1, low: 0.3, high: 0.8 } };
const arm = (name: string, ...abas: readonly number[]) =>
  armResults(
    {
      arm: { name },
      scenes: abas.map((aba, i) => ({
        ...{ situation: `s${i}`, end: i === 0 ? 'loop' : 'turns' },
        figures: { ABA: aba, scene: 10 + i, 'words per turn': 12 },
      })),
    },
    bands,
  );
const usual = arm('turn-model', 0.5, 0.52, 0.51, 0.5);
const robin = arm('round-robin', 0, 0.01, 0, 0);
const original = arm('original', 0.6, 0.61, 0.6, 0.62);
const shuffled = arm('shuffled', 0.2, 0.21, 0.2, 0.22);
const results: SceneResults = {
  ...{ format: 'dramatis-scenes', formatVersion: 1, seeds: 1, turns: 24, machine: {} },
  model: { name: 'tiny <b>', sha256: '' },
  versions: { dramatis: '0.0.0', commit: 'abc' },
  tasks: [
    {
      task: 'quartet',
      situations: { s0: 'train', s1: 'train', s2: 'dev', s3: 'holdout' },
      originals: [original, shuffled],
      arms: [usual, robin],
      differences: [armDifference(robin, usual)],
      anchors: [anchorResult('ABA', original, shuffled)!],
    },
  ],
};

describe('The results of scenes', () => {
  it('fit a terminal: figures beside the plays, then what another way of playing changes', () => {
    const lines = scenesText(results).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const text = lines.join('\n');
    expect(text).toContain('turn-model: 4 scenes: 3 ended by turns, 1 by loop');
    expect(text).toMatch(/^ABA +0\.50\d \[0\.49\d, 0\.52\d\] +0\.300 to 0\.800 +inside +0\.60\d$/m);
    expect(text).toMatch(/^ABA +−0\.50\d \[\S+ \S+\] +< 0\.001$/m);
    expect(text).not.toMatch(/^words per turn +[+−]/m);
    expect(text).toMatch(/^holds: original above shuffled in ABA, \+0\.400/m);
  });

  it('are a page of their own, with every name as text', () => {
    const page = scenesPage([results]);
    expect(page).toContain('tiny &#60;b&#62;');
    expect(page).not.toContain('tiny <b>');
    for (const words of ['round-robin', 'ABA, less turn-model', 'holds', '<svg'])
      expect(page).toContain(words);
  });
});
