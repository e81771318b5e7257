import { speeches } from '../../play/speeches.ts';
import type { Source } from '../source.ts';
import { devSlice } from './dev-slice.ts';

/**
 * A source whose character has something to be asked about in dev: as it is where they speak there, else with the slice of
 * train that training leaves out for such a character.
 *
 * @returns The scenes of the slice beside it, or undefined where there is none or none is needed.
 */
export function withOwnDev<S extends Source>(
  source: S,
): { readonly source: S; readonly scenes: readonly string[] | undefined } {
  const { play, split, character } = source;
  if (!character) return { source, scenes: undefined };
  for (const { act, scene, speech } of speeches(play))
    if (
      speech.speakers.includes(character.name) &&
      split.partOf(`${act.number}.${scene.number}`) === 'dev'
    )
      return { source, scenes: undefined };
  const slice = devSlice(source);
  return { source: slice ? { ...source, split: slice.split } : source, scenes: slice?.scenes };
}
