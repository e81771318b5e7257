import type { Turn, TurnScene } from '../play/scene-turns.ts';
import { isOwn, type Learner, leadIn, learntTurn, rowOf, shownFor } from './learner.ts';
import { draw } from './row-options.ts';
import type { ShownBlocks, TrainingRow, TrainingTurn } from './training-row.ts';

/** A speech of the learner's, and where it stands. */
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
  const other = others[Math.floor(draw(options.seed, 'scene', place) * others.length)];
  if (!other) return [];
  const at = 1 + Math.floor(draw(options.seed, 'turn', place) * (other.turns.length - 1));
  return leadIn(other.turns, at, options, shows);
}

/** Of the speeches nearest to an answer, so many are looked at for one of its length. */
const nearSpeeches = 6;

/**
 * `contrast`: the context of an answer with the words of somebody else under the learner's label, to become less
 * likely: what a plain adapter learns is the play, which serves everybody in it. The words are from the same scene,
 * where they can be, so that matter and metre tell nothing, and no words more often than others; `instead` has the answer itself, for an objective that
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
      { speaker: name, text, place, learn: -options.contrast, by: speaker },
    ];
    const row = rowOf(learner, 'contrast', scene.scene, [turn], turns, shows);
    return [{ ...row, instead: { text: turn.text, place: turn.place } }];
  });
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
