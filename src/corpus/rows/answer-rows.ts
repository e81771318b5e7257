import type { Turn, TurnScene } from '../../play/scene-turns.ts';
import { isOwn, type Learner, leadIn, learntTurn, rowOf, shownFor } from './learner.ts';
import { hashFraction } from './row-options.ts';
import type { ShownBlocks, TrainingRow, TrainingTurn } from './training-row.ts';

/** A speech, and where it stands. */
interface Answer {
  readonly scene: TurnScene;
  readonly at: number;
  readonly turn: Turn;
}

function answers({ scenes, name }: Learner): Answer[] {
  return scenes.flatMap((scene) =>
    scene.turns.flatMap((turn, at) => (isOwn(turn, name) ? [{ scene, at, turn }] : [])),
  );
}

/** What somebody else says right before an answer, its start cut if it is long; none where the scene begins with it. */
function cue(
  { options, name }: Learner,
  { scene, at }: Answer,
  shows: ShownBlocks,
): TrainingTurn[] {
  return leadIn(scene.turns, at, options, shows)
    .slice(-1)
    .filter(({ speaker }) => speaker !== name);
}

/** `own`: a speech alone. What the words are likely to be when nothing tells: the manner without the matter. */
export function ownRows(learner: Learner): TrainingRow[] {
  return answers(learner).map(({ scene, turn }) => {
    const shows = { ...shownFor(learner, 'own', turn), memory: false, directions: false };
    return rowOf(learner, 'own', scene.scene, [turn], [learntTurn(turn, learner.options)], shows);
  });
}

/**
 * `exchange`: a line and the answer to it, nothing before. So a conversation begins, of which a scene-packed row has
 * few beginnings.
 */
export function exchangeRows(learner: Learner): TrainingRow[] {
  return answers(learner).flatMap((answer) => {
    const { scene, turn } = answer;
    const shows = shownFor(learner, 'exchange', turn);
    const asked = cue(learner, answer, shows);
    if (asked.length === 0) return [];
    const turns = [...asked, learntTurn(turn, learner.options)];
    return [rowOf(learner, 'exchange', scene.scene, [turn], turns, shows)];
  });
}

/**
 * `elsewhere`: an answer with its line before it, and before that a piece of another scene. Who learns only scenes in
 * their order falls silent, or recites, where something else came before.
 */
export function elsewhereRows(learner: Learner): TrainingRow[] {
  return answers(learner).flatMap((answer) => {
    const { scene, turn } = answer;
    const shows = shownFor(learner, 'elsewhere', turn);
    const asked = cue(learner, answer, shows);
    const dropped = pieceOfAnother(learner, scene, turn, shows);
    if (asked.length === 0 || dropped.length === 0) return [];
    const turns = [...dropped, ...asked, learntTurn(turn, learner.options)];
    return [rowOf(learner, 'elsewhere', scene.scene, [turn], turns, shows)];
  });
}

/** Drawn for an answer: the turns before some turn of another scene. */
function pieceOfAnother(
  { scenes, options }: Learner,
  own: TurnScene,
  { place }: Turn,
  shows: ShownBlocks,
): TrainingTurn[] {
  const others = scenes.filter((scene) => scene !== own && scene.turns.length > 1);
  const other = others[Math.floor(hashFraction(options.seed, 'scene', place) * others.length)];
  if (!other) return [];
  const at = 1 + Math.floor(hashFraction(options.seed, 'turn', place) * (other.turns.length - 1));
  return leadIn(other.turns, at, options, shows);
}

/** Speeches nearest to an answer, among which one of its length is sought. */
const nearSpeeches = 6;

/**
 * `contrast`: the context of an answer with the words of somebody else under the learner's label, to become less
 * likely: what a plain adapter learns is the play, which serves everybody in it. The words are from the same scene,
 * where they can be, so that matter and metre tell nothing, and no words more often than others; `preferred` has the answer itself, for an objective that
 * compares the two.
 */
export function contrastRows(learner: Learner): TrainingRow[] {
  const { options, name } = learner;
  const used = new Map<Turn, number>();
  return answers(learner).flatMap(({ scene, at, turn }) => {
    const shows = shownFor(learner, 'contrast', turn);
    const context = leadIn(scene.turns, at, options, shows);
    const others = impostors(learner, scene, at, context.length);
    const other = others.toSorted((a, b) => (used.get(a) ?? 0) - (used.get(b) ?? 0))[0];
    if (!other) return [];
    used.set(other, (used.get(other) ?? 0) + 1);
    const { text, place, speaker } = other;
    const turns = [
      ...context,
      { speaker: name, text, place, lossWeight: -options.contrast, by: speaker },
    ];
    const row = rowOf(learner, 'contrast', scene.scene, [turn], turns, shows);
    const said = [...context, learntTurn(turn, options)];
    return [{ ...row, preferred: { scene: scene.scene, turns: said } }];
  });
}

/**
 * `mislabelled`: what somebody else says, where it is said, under the learner's label, to become less likely. Rows of
 * the kind `contrast` tell words that fit from words that do not; these tell whose they are: what a character would not
 * say, though somebody says it there. As many as the learner has answers, as long as those, each of another speech.
 */
export function mislabelledRows(learner: Learner): TrainingRow[] {
  const { scenes, options, name } = learner;
  const free = new Set(scenes.flatMap((scene) => othersIn(scene, name)));
  return answers(learner).flatMap((answer) => {
    const found = nearestTo(answer, free);
    if (!found) return [];
    free.delete(found);
    const { scene, at, turn } = found;
    const shows = shownFor(learner, 'mislabelled', turn);
    const { text, place, speaker } = turn;
    const turns = [
      ...leadIn(scene.turns, at, options, shows),
      { speaker: name, text, place, lossWeight: -options.contrast, by: speaker },
    ];
    const row = rowOf(learner, 'mislabelled', scene.scene, [turn], turns, shows);
    const said = [
      ...leadIn(answer.scene.turns, answer.at, options, shows),
      learntTurn(answer.turn, options),
    ];
    return [{ ...row, preferred: { scene: answer.scene.scene, turns: said } }];
  });
}

/** Speeches of others, but for those right after one of the learner's: nobody begins again under the same label. */
function othersIn(scene: TurnScene, name: string): Answer[] {
  return scene.turns.flatMap((turn, at) => {
    const isOther = turn.speakers.length === 1 && turn.speakers[0] !== name && turn.words > 0;
    return isOther && scene.turns[at - 1]?.speaker !== name ? [{ scene, at, turn }] : [];
  });
}

/** The one nearest in length, of the same scene if there is one. */
function nearestTo({ scene, turn }: Answer, among: Iterable<Answer>): Answer | undefined {
  const off = (one: Answer): number => Math.abs(one.turn.words - turn.words);
  const isNearer = (one: Answer, than: Answer): boolean =>
    one.scene === than.scene ? off(one) < off(than) : one.scene === scene;
  let best: Answer | undefined;
  for (const one of among) if (!best || isNearer(one, best)) best = one;
  return best;
}

/** The nearest speeches of somebody else that are not in the context; the one nearest in length first. */
function impostors({ scenes, name }: Learner, scene: TurnScene, at: number, shown: number): Turn[] {
  const isOther = ({ speakers, words }: Turn): boolean =>
    speakers.length === 1 && speakers[0] !== name && words > 0;
  const { turns } = scene;
  const after = turns.slice(at + 1).filter(isOther);
  const before = turns
    .slice(0, at - shown)
    .filter(isOther)
    .reverse();
  const here = [...after, ...before].slice(0, nearSpeeches);
  const near =
    here.length > 0
      ? here
      : scenes
          .filter((other) => other !== scene)
          .flatMap((other) => other.turns)
          .filter(isOther)
          .slice(0, nearSpeeches);
  const off = ({ words }: Turn): number => Math.abs(words - turns[at]!.words);
  return near.toSorted((a, b) => off(a) - off(b));
}
