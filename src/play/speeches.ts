import type { Act, Play, Scene, Speech } from './play.ts';

/** A speech and the scene it is in. */
export interface PlacedSpeech {
  readonly act: Act;
  readonly scene: Scene;
  readonly speech: Speech;
}

/** Every speech element of a play in order; a speech that goes on after a direction comes once for each part. */
export function* speechParts(play: Play): Generator<PlacedSpeech> {
  for (const act of play.acts)
    for (const scene of act.scenes)
      for (const element of scene.elements)
        if (element.kind === 'speech') yield { act, scene, speech: element };
}

/**
 * Every speech of a play in order, whole: the parts after directions are joined to the first.
 *
 * A whole speech has the place and label of its first part, the lines of all, and everyone present
 * for any part of it.
 */
export function* speeches(play: Play): Generator<PlacedSpeech> {
  let open: PlacedSpeech | undefined;
  for (const part of speechParts(play)) {
    if (open && part.speech.continued) {
      open = { ...open, speech: joined(open.speech, part.speech) };
      continue;
    }
    if (open) yield open;
    open = part;
  }
  if (open) yield open;
}

function joined(first: Speech, next: Speech): Speech {
  return {
    ...first,
    lines: [...first.lines, ...next.lines],
    present: [...new Set([...first.present, ...next.present])].sort(),
  };
}
