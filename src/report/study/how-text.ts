import type { NumberSource, SceneSource, ScoreSource } from './number-source.ts';

/** How a number is worked out from the rows, in words. */
export function howText(source: NumberSource): string {
  switch (source.kind) {
    case 'score':
      return `${scoreText(source)}; the interval is over scenes`;
    case 'difference':
      return `${scoreText(source.of)}, less ${scoreText(source.less)}, on the items that both have; the interval is over scenes`;
    case 'scene':
      return `mean of ${sceneText(source)} over the situations, with Student's interval`;
    case 'speed':
      return `median of the samples of ${source.what} (${source.bench}) in ${source.run}; the interval is from the least to the greatest`;
    case 'mean': {
      const [first] = source.of;
      if (source.of.length === 1 && first) return howText(first);
      return `mean over characters of: ${source.of.map(partText).join(' | ')}; the interval is over the scenes of each`;
    }
    case 'count':
      return `how many of ${source.of.length} differences have an interval ${source.side === 1 ? 'above' : 'below'} zero: ${source.of.map(howText).join(' | ')}`;
    case 'detectable':
      return `least difference between two models that ${source.of.task} would show in 80 of 100 runs of ${source.scenes} scenes with as many items as ${source.of.run} has in one (see "dramatis eval power")`;
    case 'curve': {
      const { of, run, from, to } = source;
      const steps = from === to ? `at step ${from}` : `mean over steps ${from} to ${to}`;
      return `${of === 'learned' ? 'what is learned' : 'what is held out'} in the curve of ${run}, ${steps}`;
    }
    case 'order':
      return `half of the summed differences between the shares of each pair of speakers in a row in ${armText(source)}, and in arm "${source.against}", by situation; the mean over situations, with Student's interval`;
    case 'pair':
      return `how often ${source.next} speaks right after ${source.first} in the scenes of ${source.situation}, ${armText(source)}`;
    case 'said':
      return `${source.what === 'recalled' ? 'passages recalled by' : `${source.what} of`} ${source.who} in scene ${source.which} of ${source.situation}, ${armText(source)}`;
    case 'holm':
      return `how many of ${source.family.length} differences have a p under 0.05 after Holm's correction: ${source.family.map(partText).join(' | ')}`;
  }
}

const partText = (source: Extract<NumberSource, { kind: 'score' | 'difference' }>): string =>
  source.kind === 'score'
    ? scoreText(source)
    : `${scoreText(source.of)}, less ${scoreText(source.less)}`;

const scoreText = ({ run, task, metric, row }: ScoreSource): string =>
  `${metric} of ${task}, row "${row}", in ${run}`;

const armText = ({ task, arm, run }: Pick<SceneSource, 'task' | 'arm' | 'run'>): string =>
  `${task}, arm "${arm}", in ${run}`;

const sceneText = ({ measure, ...of }: SceneSource): string => `${measure} of ${armText(of)}`;
