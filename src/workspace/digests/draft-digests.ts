import { basename } from 'node:path';
import { greedy } from '../../engine/sampling.ts';
import type { Session } from '../../engine/session/session.ts';
import { DramatisError } from '../../errors.ts';
import { embeddingModel } from '../../hub/catalogue.ts';
import type { OpenedPlay } from '../../hub/plays.ts';
import { type DraftItem, itemsOf } from '../../memory/digests/draft/draft-items.ts';
import {
  type Draft,
  type DraftedRow,
  DraftJudge,
  type Fallen,
  type FallReason,
} from '../../memory/digests/draft/judge-draft.ts';
import { isEdited, mergeDraft } from '../../memory/digests/draft/merge-draft.ts';
import { type Piece, piecesOf, pieceText } from '../../memory/digests/draft/scene-pieces.ts';
import { toldNames } from '../../memory/digests/draft/told-names.ts';
import { formatPlace, requirePlace } from '../../play/place.ts';
import type { Play, Scene } from '../../play/play.ts';
import { sha256 } from '../../store/sha256.ts';
import { openModel } from '../open-model.ts';
import type { Workspace } from '../workspace.ts';
import { draftFileAt } from './draft-file.ts';
import { draftGrammar, draftPrompt, draftPromptVersion, draftsIn } from './draft-prompt.ts';

export interface DraftOptions {
  readonly play: OpenedPlay;
  /** Default: the model in use. */
  readonly model?: string | undefined;
  /** Such as "3.1". Default: all. */
  readonly scenes?: readonly string[] | undefined;
  /** Default: the play's file in the folder of digests. */
  readonly out?: string | undefined;
  /** Drafts every scene anew, and gives up what was changed in the file. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What drafting reports: `begin`; for each scene its pieces, then the scene; `end`. */
export type DraftEvent =
  | {
      readonly kind: 'begin';
      readonly title: string;
      readonly scenes: number;
      readonly model: string;
      readonly path: string;
    }
  | {
      readonly kind: 'piece';
      readonly scene: string;
      /** Pieces of the scene that were read, and all of them. */
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly kind: 'scene';
      readonly scene: string;
      readonly kept: number;
      readonly fallen: readonly Fallen[];
      /** Whether an earlier run drafted it, and nothing was done. */
      readonly isDone: boolean;
    }
  | {
      readonly kind: 'end';
      readonly path: string;
      /** Facts drafted and kept in this run. */
      readonly kept: number;
      /** Facts in the file, and those of them that somebody wrote or changed. */
      readonly total: number;
      readonly edited: number;
      readonly fallen: Readonly<Partial<Record<FallReason, number>>>;
    };

/** Longest answer, in tokens: six sentences. */
const mostTokens = 480;

/**
 * Drafts the digests of a play with a model, scene by scene, into a file: its sentences are checked against the cast and the
 * lines, and what does not stand in the play is not kept.
 *
 * The file is written after each scene: a run that is ended leaves what is finished, and the next one goes on. What somebody
 * changed in the file stays.
 *
 * @throws {DramatisError} PLACE_UNKNOWN, USAGE for a play with digests by hand and no `out`, DIGESTS_INVALID for a file that
 *   cannot be gone on with, and what opening the models throws; `signal.reason`.
 */
export async function* draftDigests(
  workspace: Workspace,
  options: DraftOptions,
): AsyncGenerator<DraftEvent, void> {
  const { play: opened, signal, force = false } = options;
  const scenes = scenesOf(opened.play, options.scenes);
  const file = await draftFileAt(workspace, opened, options.out);
  using reader = await openModel(workspace, options.model, signal);
  using embedding = await openModel(workspace, embeddingModel, signal);
  using embedder = await embedding.model.embedder();
  using session = await reader.model.session();
  const model = `${reader.entry?.id ?? basename(reader.path)} ${(await reader.sha256()).slice(0, 12)}`;
  const { title } = opened.play;
  yield { kind: 'begin', title, scenes: scenes.length, model, path: file.path };
  const told = toldNames(opened.play);
  const fallen: Fallen[] = [];
  let kept = 0;
  for (const { place, scene } of scenes) {
    const pieces = piecesOf(scene);
    const text = sha256(pieces.map(pieceText).join('\n'));
    const source = { model, prompt: draftPromptVersion, scene: text };
    const key = sha256(JSON.stringify(source));
    if (!force && file.content.header.drafted?.[place] === key) {
      yield { kind: 'scene', scene: place, kept: 0, fallen: [], isDone: true };
      continue;
    }
    const judge = new DraftJudge(opened.play, embedder);
    const rows: DraftedRow[] = [];
    const fell: Fallen[] = [];
    for (const [i, piece] of pieces.entries()) {
      yield { kind: 'piece', scene: place, done: i, total: pieces.length };
      const judged = await judge.judge(
        piece,
        await read(session, itemsOf(piece, told), piece, signal),
        signal,
      );
      rows.push(...judged.kept);
      fell.push(...judged.fallen);
    }
    await file.update((now) => mergeDraft(now, { scene: place, key, source, rows }, force));
    kept += rows.length;
    fallen.push(...fell);
    yield { kind: 'scene', scene: place, kept: rows.length, fallen: fell, isDone: false };
  }
  const { rows } = file.content;
  const edited = rows.filter(isEdited).length;
  const counted = countReasons(fallen);
  yield { kind: 'end', path: file.path, kept, total: rows.length, edited, fallen: counted };
}

/** The sentences that a model writes about a piece. */
async function read(
  session: Session,
  items: readonly DraftItem[],
  piece: Piece,
  signal?: AbortSignal,
): Promise<Draft[]> {
  if (items.length === 0) return [];
  const prompt = draftPrompt(session.model, piece);
  const sampling = { ...greedy, grammar: draftGrammar(items) };
  let answer = '';
  const options = { sampling, maxTokens: mostTokens, signal };
  for await (const { text } of session.generate(prompt, options)) answer += text;
  return draftsIn(answer, items);
}

function countReasons(fallen: readonly Fallen[]): Partial<Record<FallReason, number>> {
  const counts: Partial<Record<FallReason, number>> = {};
  for (const { reason } of fallen) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** @throws {DramatisError} PLACE_UNKNOWN; USAGE for a line in place of a scene. */
function scenesOf(play: Play, wanted: readonly string[] | undefined): PlacedScene[] {
  const all = play.acts.flatMap((act) =>
    act.scenes.map((scene) => ({ place: `${act.number}.${scene.number}`, scene })),
  );
  if (!wanted) return all;
  const places = wanted.map((text) => {
    const place = requirePlace(play, text);
    if (place.line === undefined) return formatPlace(place);
    throw new DramatisError('USAGE', `${text} is a line; scenes are drafted whole`);
  });
  return all.filter(({ place }) => places.includes(place));
}

interface PlacedScene {
  readonly place: string;
  readonly scene: Scene;
}
