import { recallForTurn } from '../../../actor/recall-for-turn.ts';
import type { Memory } from '../../../memory/memory.ts';
import type { Recollection } from '../../../memory/recalled.ts';
import { findCharacter } from '../../../play/cast/find-character.ts';
import type { Play } from '../../../play/play.ts';
import { letters, spell } from '../../../prompt/page.ts';
import { personaOf } from '../../../prompt/persona/persona.ts';
import { scenePrompt } from '../../../prompt/scene-prompt.ts';
import { type Components, noComponents } from '../../subject.ts';
import type { Context } from '../../task.ts';
import { type RememberedPlay, recollectionOf } from '../recollection-of.ts';
import { voiceContextOf } from '../voice-context.ts';

/** A context as plain text, ready to be gone on with. */
export interface Page {
  /** Text before the words; never empty, since the first token of all has no probability. */
  readonly text: string;
  /** How words stand when they follow the text: with the space before them, or the stop after a label. */
  continuation(words: string): string;
  /** Texts at which what a model says ends. */
  readonly stop: readonly string[];
  /** What stands in the text as recalled. */
  readonly recollection: Recollection;
}

/** What pages may be made of. */
export interface PageSource {
  /** The play without the scenes that are held out. */
  readonly shown: Play;
  /** Memory of what `shown` holds. */
  readonly memory?: Memory | undefined;
  /** Opens what questions that say what is remembered are asked of: the scenes that are held out are in it, too. */
  readonly remembered?: (() => Promise<RememberedPlay>) | undefined;
}

/**
 * Writes a context in script form, as the one prompt builder does for our own models in that form: the same letters
 * in the same order. A server tokenises them as one text, where our own prompts are tokenised part by part: the
 * line breaks between two speeches may be two tokens there and one here, and count with a cast name that follows.
 */
export async function pageOf(
  context: Context,
  source: PageSource,
  given: Components,
  signal?: AbortSignal,
): Promise<Page> {
  if (context.kind === 'text') {
    const recollection = { items: [] };
    return { text: `\n${context.text}`, continuation: (words) => words, stop: [], recollection };
  }
  const { speaker } = context;
  const { turns, at } = voiceContextOf(context);
  const levers = context.kind === 'scene' && context.isPage ? noComponents : given;
  const isOfAll = context.kind === 'question' && context.memories !== undefined;
  const whole = isOfAll && levers.memory ? await source.remembered?.() : undefined;
  const shown = whole?.play ?? source.shown;
  const recollection = await recollected(context, { ...source, whole }, levers, signal);
  const isInPlay = shown.cast.some(({ name }) => name === speaker);
  const persona =
    levers.persona && speaker && isInPlay
      ? personaOf(shown, findCharacter(shown, speaker))
      : undefined;
  const prompt = scenePrompt(letters, {
    form: 'script',
    persona,
    at,
    recalled: recollection.items,
    turns,
    speaker,
  });
  return {
    text: spell(prompt.tokens),
    continuation: (words) => spell(prompt.continuation(words)),
    stop: prompt.stop,
    recollection,
  };
}

async function recollected(
  context: Exclude<Context, { readonly kind: 'text' }>,
  { memory, whole }: PageSource & { readonly whole: RememberedPlay | undefined },
  levers: Components,
  signal?: AbortSignal,
): Promise<Recollection> {
  if (context.kind === 'question' && context.memories)
    return whole ? recollectionOf(context, whole.memory, signal) : { items: [] };
  const { speaker } = context;
  if (!levers.memory || !memory || !speaker) return { items: [] };
  return recallForTurn(memory, { ...voiceContextOf(context), speaker }, signal);
}
