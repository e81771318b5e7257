import { chatLayout } from './chat-layout.ts';
import { fitScene } from './fit-scene.ts';
import { templateOf } from './form.ts';
import type { Hints, Layout, Message } from './layout.ts';
import type { PromptModel, SceneLine, SceneParts, ScenePrompt } from './prompt.ts';
import { scriptLayout } from './script-layout.ts';

/**
 * The tokens that ask a model to go on with a scene: the one way from turns to a prompt, for conversations, the stage,
 * the benchmark and samples alike; `sceneRow` walks the same way for training.
 *
 * @param budgetTokens Most tokens of the prompt: see `fitScene` for what goes first.
 * @throws {DramatisError} WINDOW_EXCEEDED if the last turn alone does not fit.
 * @throws {RangeError} If a chat is asked of a model without a template that is known.
 */
export function scenePrompt(
  model: PromptModel,
  scene: SceneParts,
  budgetTokens = Number.POSITIVE_INFINITY,
): ScenePrompt {
  const layout = layoutFor(model, scene);
  return fitScene(scene, budgetTokens, {
    write: (part, dropped) => ({ ...written(layout, part), dropped }),
    tokensOf: (turn) =>
      layout.messages([turn]).reduce((sum, message) => sum + layout.turn(message).length, 0),
  });
}

/** @throws {RangeError} If a chat is asked of a model without a template that is known. */
export function layoutFor(model: PromptModel, parts: Omit<SceneParts, 'turns'>): Layout {
  if (parts.form === 'script') return scriptLayout(model, parts);
  const template = templateOf(model);
  if (!template) throw new RangeError('the model has no chat template that is known');
  return chatLayout(model, template, parts);
}

function written(layout: Layout, scene: SceneParts): Omit<ScenePrompt, 'dropped'> {
  const { turns, speaker, recalled = [], note = '' } = scene;
  const messages = layout.messages(betweenSilences(layout, turns, speaker));
  const tokens: number[] = [];
  for (const step of walk(layout, messages, { recalled, note }, messages.length - 1))
    for (const token of step.message ? layout.turn(step.message) : step.tokens) tokens.push(token);
  for (const token of layout.open) tokens.push(token);
  return {
    tokens: Int32Array.from(tokens),
    prefixLength: layout.prefix.length,
    ...(scene.isAsked && recalled[0]?.speaker === undefined && { fact: recalled[0]?.text }),
    turnFrom: speaker === undefined ? undefined : tokens.length - layout.open.length,
    stop: layout.stop(
      turns.findLast((turn) => turn.speaker !== undefined && turn.speaker !== speaker)?.speaker,
    ),
    continuation: (text) => layout.continuation(text),
  };
}

/** Somebody else speaks first and last, if it is silence that they say. */
function betweenSilences(
  { silence }: Layout,
  turns: readonly SceneLine[],
  speaker: string | undefined,
): readonly SceneLine[] {
  if (!silence) return turns;
  const [first, last] = [turns[0], turns.at(-1)];
  const isOwn = (line: SceneLine): boolean =>
    line.speaker !== undefined && line.speaker === speaker;
  return [
    ...(first && isOwn(first) ? [silence] : []),
    ...turns,
    ...(!last || isOwn(last) ? [silence] : []),
  ];
}

/** A part of a scene: tokens that nobody says, or a message. */
export type Step<T extends SceneLine> =
  | { readonly message?: undefined; readonly tokens: readonly number[] }
  | { readonly message: Message<T> };

/**
 * A scene from its prefix to its last message, in the order it is written.
 *
 * @param answered Index of the message that is answered, which the hints go to; −1 if the first words are an answer.
 */
export function* walk<T extends SceneLine>(
  layout: Layout,
  messages: readonly Message<T>[],
  hints: Hints,
  answered: number,
): Generator<Step<T>> {
  yield { tokens: layout.prefix };
  if (answered < 0) yield { tokens: layout.ask('', hints).before };
  for (const [i, message] of messages.entries()) {
    if (i !== answered) {
      yield { message };
      continue;
    }
    const { before, question } = layout.ask(message.text, hints);
    yield { tokens: before };
    yield { message: { ...message, text: question } };
  }
}
