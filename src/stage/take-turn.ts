import type { Actor } from '../actor/actor.ts';
import type { Spoken } from '../actor/speak.ts';
import type { VoiceDrawing, VoicePrompt } from '../actor/voice-options.ts';
import { seedOf } from '../measure/statistics/prng.ts';
import type { Recalled } from '../memory/recalled.ts';
import { speechSampling } from '../prompt/speech-sampling.ts';
import { spentBetween } from '../steer/lever-costs.ts';
import { inForce } from './detectors/in-force.ts';
import type { StruckEvent, TurnEvent, ViewEvent } from './events.ts';
import type { GuardContext, SaidTurn } from './guards/guard.ts';
import { guardedPlay } from './guards/guarded-play.ts';
import { judgeAndCut } from './guards/judge.ts';
import { openingsAfterStruck, openingsOf } from './openings.ts';
import type { Performer } from './performer.ts';
import { hashOf } from './prompt-hash.ts';
import type { StageState } from './state.ts';
import { audience, viewOf } from './view.ts';

/** What comes of a turn while it is taken; `text` is provisional until the `turn`. */
export type TurnNews =
  | { readonly kind: 'text'; readonly who: string; readonly text: string }
  | ViewEvent
  | StruckEvent
  | TurnEvent;

export interface TurnOptions {
  /** Whom the turn is meant for. */
  readonly to?: string | undefined;
  /** Tokens of a turn, at most. */
  readonly maxTokens: number;
  readonly signal?: AbortSignal | undefined;
}

/** How often a turn is drawn anew after a draft was struck. */
const redraws = 2;
/**
 * Turns of others that the speaker does not say again, the latest, unless the scene says otherwise: saying again what was
 * said is how groups go wrong.
 */
const latestHeld = 2;
/** Each draft that is drawn anew is drawn at so much more temperature. */
const warmer = 0.15;

/**
 * A turn of somebody whom the model speaks: what they have before their eyes, then their words.
 *
 * What guards strike is told and never said; after two drafts more there is no turn, and somebody else may speak.
 * An abort ends the turn within one step: what was said until then stays said, as `cut`.
 */
export async function* takeTurn(
  state: StageState,
  { actor, voiceOf }: Performer,
  { to, maxTokens, signal }: TurnOptions,
): AsyncGenerator<TurnNews> {
  const started = performance.now();
  const who = actor.character.name;
  const { voice } = actor;
  const force = inForce(state);
  const view = viewOf(state, who);
  const room = roomFor(actor, maxTokens);
  const at = { turns: view.lines, at: actor.at };
  const { items: recalled } = await voice.recall(at, signal);
  const context = { ...at, recalled };
  const prompt = voice.render(context, room);
  const reused = await actor.read(prompt, signal);
  const shownLines = view.lines.slice(prompt.dropped).flatMap(({ n }) => n ?? []);
  yield viewEvent(who, { prompt, reused, heard: shownLines, recalled });

  const heard = state.turns.filter((turn) => turn.heard.includes(who));
  const guarded: GuardContext = {
    play: guardedPlay(actor.play),
    heard,
    shown: shownOf(actor),
  };
  const history = historyOf(actor, heard, state.open?.othersHeld ?? latestHeld);
  let openings = openingsOf(heard);
  const wanted = Math.max(state.open?.drafts ?? 1, force.drafts.get(who) ?? 1);
  const kept: { readonly event: TurnEvent; readonly worth: number }[] = [];
  for (let attempt = 0; attempt < wanted + redraws && kept.length < wanted; attempt++) {
    const failed = attempt - kept.length;
    // The last try is without what was recalled: it may be what led the words astray.
    const shown = failed < redraws ? prompt : voice.render({ ...context, recalled: [] }, room);
    const seed = seedOf(
      ...[state.open?.seed ?? 0, state.turns.length, state.n, attempt].map(String),
    );
    const before = voice.costs();
    const drawing = {
      seed,
      maxTokens,
      history,
      openings,
      isWhole: true,
      sampling: { temperature: warmth(actor) + force.temperature + failed * warmer },
    };
    const drawn = yield* wordsOf(actor, shown, drawing, { isShown: wanted === 1, signal });
    const { tokens, stop, firstAt, lastAt } = drawn;
    const judged = judgeAndCut({ who, text: drawn.text }, guarded);
    if (judged.struck) {
      const { guard, detail } = judged.struck;
      yield { kind: 'struck', who, text: drawn.text, tokens, seed, guard, detail };
      if (signal?.aborted) return;
      openings = openingsAfterStruck(openings, drawn.text);
      continue;
    }
    const event: TurnEvent = {
      ...{ kind: 'turn', who, playedBy: 'model', to, heard: audience(state, who) },
      ...{ text: judged.text, tokens, seed, stop },
      adapters: actor.adapters.map(({ id }) => id),
      costs: spentBetween(before, voice.costs()),
      ms: { first: rounded(firstAt - started), all: rounded(lastAt - started) },
      drafts: attempt + 1,
    };
    kept.push({ event, worth: voiceOf?.(judged.text) ?? 0 });
    if (stop === 'cut') break;
  }
  const [best] = kept.sort((a, b) => b.worth - a.worth);
  if (best) yield best.event;
}

/** Tokens that a prompt leaves free for a turn. */
export const roomFor = ({ window }: Pick<Actor, 'window'>, maxTokens: number): number =>
  Math.min(maxTokens, Math.floor(window / 4));

/** What a draft came to, as far as it was drawn. */
type Drafted = Omit<Spoken, 'stop'> & { readonly stop: Spoken['stop'] | 'cut' };

async function* wordsOf(
  { voice, character }: Actor,
  prompt: VoicePrompt,
  drawing: VoiceDrawing,
  { isShown, signal }: { readonly isShown: boolean; readonly signal: AbortSignal | undefined },
): AsyncGenerator<TurnNews, Drafted> {
  let text = '';
  let firstAt = 0;
  const pieces = voice.speak(prompt, drawing, signal);
  try {
    for (;;) {
      const step = await pieces.next();
      if (step.done) return step.value;
      firstAt ||= performance.now();
      text += step.value;
      if (isShown) yield { kind: 'text', who: character.name, text: step.value };
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
    const now = performance.now();
    return { text: text.trim(), tokens: [], stop: 'cut', firstAt: firstAt || now, lastAt: now };
  }
}

const warmth = ({ steering }: Actor): number =>
  steering.sampling?.temperature ?? speechSampling.temperature;

/** What the speaker has said, and the last words of others: the repetition penalties see both. */
function historyOf(
  { character, voice }: Actor,
  turns: readonly SaidTurn[],
  othersHeld: number,
): Int32Array {
  const own = turns.filter(({ who }) => who === character.name);
  const theirs = turns.filter(({ who }) => who !== character.name);
  const others = theirs.slice(Math.max(0, theirs.length - othersHeld));
  const said = [...own, ...others].map(({ text }) => text);
  return said.length === 0 ? new Int32Array() : voice.session.model.tokenize(said.join('\n'));
}

const rounded = (ms: number): number => Math.round(10 * ms) / 10;

/** What the prompt says of the speaker. */
function shownOf({ persona, at }: Actor): readonly string[] {
  return [persona.description, persona.situation(at), ...persona.relations];
}

interface Shown {
  readonly prompt: VoicePrompt;
  readonly reused: number;
  readonly heard: readonly number[];
  readonly recalled: readonly Recalled[];
}

function viewEvent(who: string, { prompt, reused, heard, recalled }: Shown): ViewEvent {
  const { tokens, dropped } = prompt;
  return {
    kind: 'view',
    who,
    hash: hashOf(tokens),
    tokens: tokens.length,
    reused,
    dropped,
    heard,
    recalled: recalled.map(({ place, speaker, text }) => ({
      place,
      ...(speaker !== undefined && { speaker }),
      text,
    })),
  };
}
