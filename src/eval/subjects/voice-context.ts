import { parsePlace } from '../../play/place.ts';
import { type Turn, VISITOR } from '../../prompt/prompt.ts';
import type { Context } from '../task.ts';

/** A context that somebody speaks in, or whose next label is asked for. */
type SceneContext = Exclude<Context, { readonly kind: 'text' }>;

/** A benchmark's context as a voice takes it: a question is a scene of one turn, the visitor's. */
export function voiceContextOf(context: SceneContext) {
  const turns: readonly Turn[] =
    context.kind === 'scene' ? context.turns : [{ speaker: VISITOR, text: context.question }];
  const at = context.at === undefined ? undefined : parsePlace(context.at);
  return { turns, at, isAsked: context.kind === 'question' };
}
