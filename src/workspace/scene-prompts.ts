import { findCharacter } from '../play/cast/find-character.ts';
import { requirePlace } from '../play/place.ts';
import type { Play } from '../play/play.ts';
import { personaOf } from '../prompt/persona/persona.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { scenePrompt } from '../prompt/scene-prompt.ts';
import type { OpenEvent, ViewEvent } from '../stage/events.ts';
import { longestTurn } from '../stage/limits.ts';
import type { StageState } from '../stage/state.ts';
import { viewOf } from '../stage/view.ts';
import type { OpenedModel } from './open-model.ts';

/** Makes the prompt that a view stands for, of the scene as it was before; undefined where this model has not read it. */
type ScenePrompter = (
  state: StageState,
  view: Pick<ViewEvent, 'who' | 'recalled'>,
) => Int32Array | undefined;

/**
 * Prompts of a scene once more, from its words and the recalled lines that are written down beside them. A prompt is the very
 * one if its hash is the view's.
 */
export function scenePrompter(
  open: OpenEvent,
  play: Play,
  { model, name }: OpenedModel,
): ScenePrompter {
  const at = open.at === undefined ? undefined : requirePlace(play, open.at);
  const form = open.form === 'chat' ? 'chat' : 'script';
  return (state, { who, recalled }) => {
    const { levers } = state;
    const window = Number(levers.window ?? open.engine.window);
    if ((levers.model ?? open.model.name) !== name || !Number.isFinite(window)) return undefined;
    const room = Math.min(open.maxTokens ?? longestTurn, Math.floor(window / 4));
    const persona = personaOf(play, findCharacter(play, who), promptTemplate());
    const { lines } = viewOf(state, who);
    const scene = { form, persona, at, turns: lines, recalled, speaker: who } as const;
    return scenePrompt(model, scene, window - room).tokens;
  };
}
