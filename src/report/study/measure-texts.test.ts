import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sceneMeasures } from '../../eval/scenes/scene-figures.ts';
import { allTasks } from '../../eval/tasks/all.ts';
import { sceneTexts, taskTexts } from './measure-texts.ts';
import { pipelineStages } from './pipeline-stages.ts';

describe('The texts of a report', () => {
  it('explain every task, each with an example', () => {
    expect(Object.keys(taskTexts)).toEqual(allTasks.map(({ name }) => name));
    for (const { means, example } of Object.values(taskTexts)) {
      expect(means).toMatch(/^[A-Z].*\.$/s);
      expect(example).toMatch(/\d/);
    }
  });

  it('explain measures that scenes have', () => {
    expect(Object.keys(sceneTexts).filter((name) => !(name in sceneMeasures))).toEqual([]);
  });

  it('draw stages that are there, each with parts', () => {
    for (const { folders, parts } of pipelineStages) {
      expect(parts.length).toBeGreaterThan(0);
      for (const folder of folders)
        expect(existsSync(new URL(`../../${folder}`, import.meta.url)), folder).toBe(true);
    }
  });
});
