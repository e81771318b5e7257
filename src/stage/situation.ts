import { DramatisError } from '../errors.ts';
import { displayName, listOf } from '../play/cast/display-name.ts';
import { isCollective } from '../play/cast/label.ts';
import { formatPlace, requirePlace } from '../play/place.ts';
import type { Place, Play } from '../play/play.ts';
import { properNames } from '../play/proper-names.ts';
import { words } from '../play/words.ts';
import { isInScene, lineOf, type Moment, momentBefore, momentOf, turnsUntil } from './moment.ts';
import { type PlayedScene, playedScenes, requirePlayedScene } from './played-scene.ts';
import { stageCast } from './stage-cast.ts';

/** What a scene is to begin with. */
export interface SituationRequest {
  /** Names as a reader gives them; none: all who are there at the place. */
  readonly cast: readonly string[];
  /** Such as "3.1" or "3.1.56". Default: where the cast are together first. */
  readonly at?: string | undefined;
  /** What is going on, in words. Without a place the scene then stands at no place of the play. */
  readonly text?: string | undefined;
  /** Brings on also who cannot be there by the play. */
  readonly force?: boolean | undefined;
}

/** A turn of the play that the scene begins with. */
interface OpeningTurn {
  readonly who: string;
  readonly text: string;
  /** Such as "3.1.42". */
  readonly place: string;
  /** Those of the cast who heard it, the speaker among them if of the cast. */
  readonly heard: readonly string[];
}

/** Somebody of the cast who comes on when the scene has begun. */
interface Entrance {
  readonly who: readonly string[];
  /** After so many turns that are not the play's own; 0: at once. */
  readonly after: number;
  /** The direction, without brackets: "Enter Hamlet". */
  readonly text: string;
}

/** Where a scene begins: who is there, what has just been said, and who comes. */
export interface Situation {
  /** Nobody knows what comes at this place of the play or after it; missing if the scene stands at no place. */
  readonly at?: Place | undefined;
  /** The place as printed, such as "A room in the castle."; missing if it is not known. */
  readonly heading?: string | undefined;
  /** What is going on, in words. */
  readonly text?: string | undefined;
  /** Cast names, in the order given. */
  readonly cast: readonly string[];
  readonly onStage: readonly string[];
  /** The last two turns of the play before the place, the older first, without what nobody of the cast heard. */
  readonly opening: readonly OpeningTurn[];
  /** Whoever of the cast is not on stage comes on by one of these, the soonest first. */
  readonly entrances: readonly Entrance[];
  /** What happens next in the play but for comings and goings, such as "Cock crows": for a scene that goes in circles. */
  readonly directions: readonly string[];
  /** For a reader: "Begins at 3.1.49 of Hamlet, after Ophelia has spoken; Hamlet enters." */
  readonly about: string;
}

/**
 * Where a conversation of some people of a play begins, by the play itself.
 *
 * @throws {DramatisError} What `stageCast` and `requirePlace` throw; USAGE if nobody is named and no place either;
 *   CHARACTER_ABSENT if one of them is not in the scene at any time.
 */
export function situationAt(play: Play, request: SituationRequest): Situation {
  const text = request.text?.trim() || undefined;
  const cast = stageCast(play, request.cast).map(({ name }) => name);
  if (cast.length === 0 && request.at === undefined)
    throw new DramatisError('USAGE', 'nobody is named, and no place at which somebody is', {
      remedy: 'Name one character or more, or give a place with --at, such as 3.1.',
    });
  if (request.at === undefined) return text === undefined ? meeting(play, cast) : free(cast, text);
  const place = requirePlace(play, request.at);
  const scene = requirePlayedScene(play, place);
  const named = cast.length > 0 ? cast : everybodyAt(scene, place);
  const absent = named.filter((name) => !isInScene(scene, name));
  if (absent.length > 0 && !request.force) throw cannotBeThere(play, absent, scene.scene);
  return placed(play, scene, { cast: named, text, line: place.line, absent });
}

/** A conversation at no place of the play, everybody on stage. */
function free(cast: readonly string[], text: string | undefined, about?: string): Situation {
  const nobody = { opening: [], entrances: [], directions: [] };
  const said = about ?? 'The scene stands at no place of the play: everybody knows all of it.';
  return { text, cast, onStage: cast, ...nobody, about: said };
}

/** The first scene in which all are on stage together and speak; else the first in which all of them are. */
function meeting(play: Play, cast: readonly string[]): Situation {
  const scenes = playedScenes(play);
  const all = (has: (scene: PlayedScene, name: string) => boolean) => (scene: PlayedScene) =>
    cast.every((name) => has(scene, name));
  const speak = all(({ turns }, name) => turns.some(({ speakers }) => speakers.includes(name)));
  const areTogether = (scene: PlayedScene): boolean =>
    momentOf(scene, cast).present.length === cast.length;
  const found =
    scenes.find((scene) => speak(scene) && areTogether(scene)) ??
    scenes.find(speak) ??
    scenes.find(all(isInScene));
  if (found) return placed(play, found, { cast });
  const names = listOf(cast.map(displayName));
  const about = `${names} are never together in "${play.title}": the scene stands at no place of it, and everybody knows all of it.`;
  return free(cast, undefined, about);
}

interface PlacedCast {
  readonly cast: readonly string[];
  readonly text?: string | undefined;
  readonly line?: number | undefined;
  /** Those who are brought on though they are not in the scene. */
  readonly absent?: readonly string[];
}

function placed(play: Play, scene: PlayedScene, options: PlacedCast): Situation {
  const { cast, text, line, absent = [] } = options;
  const inScene = cast.filter((name) => !absent.includes(name));
  const moment =
    line !== undefined || inScene.length === 0
      ? momentBefore(scene, line ?? 0, inScene)
      : momentOf(scene, inScene);
  const here = cast.filter((name) => moment.present.includes(name) || absent.includes(name));
  const entrances = entrancesOf(scene, moment, {
    here,
    away: cast.filter((name) => !here.includes(name)),
    isExact: line !== undefined,
  });
  const at = placeAfter(scene, moment);
  return {
    at,
    heading: scene.heading === '' ? undefined : scene.heading,
    text,
    cast,
    onStage: here,
    opening: openingOf(scene, moment, cast),
    entrances,
    directions: directionsAfter(play, scene, moment, cast),
    about: aboutOf(play, at, here, entrances),
  };
}

/** The place of the next speech; after the last one the line after its first. */
function placeAfter({ scene, turns }: PlayedScene, { spoken }: Moment): Place {
  const [act, number] = scene.split('.').map(Number);
  const next = turns[spoken];
  const line = next ? lineOf(next) : lineOf(turns.at(-1)!) + 1;
  return { act: act!, scene: number!, line };
}

const openingTurns = 2;

function openingOf(
  { turns }: PlayedScene,
  { spoken }: Moment,
  cast: readonly string[],
): readonly OpeningTurn[] {
  return turns
    .slice(Math.max(0, spoken - openingTurns), spoken)
    .map((turn) => ({
      who: turn.speaker,
      text: turn.text,
      place: turn.place,
      heard: cast.filter((name) => turn.present.includes(name) || turn.speakers.includes(name)),
    }))
    .filter(({ heard }) => heard.length > 0);
}

interface Standing {
  readonly here: readonly string[];
  readonly away: readonly string[];
  /** At a line of the play people come on when they do there; at a scene, at once. */
  readonly isExact: boolean;
}

/** On a stage with fewer than so many nobody has anybody to speak with. */
const fewest = 2;

function entrancesOf(
  scene: PlayedScene,
  moment: Moment,
  { here, away, isExact }: Standing,
): readonly Entrance[] {
  const waits = away
    .map((name) => ({ name, after: isExact ? turnsUntil(scene, moment, name) : 0 }))
    .sort((a, b) => a.after - b.after)
    .map(({ name, after }, i) => ({ name, after: here.length + i < fewest ? 0 : after }));
  return [...new Set(waits.map(({ after }) => after))].map((after) => {
    const who = waits.filter((one) => one.after === after).map(({ name }) => name);
    return { who, after, text: `Enter ${listOf(who.map(displayName))}` };
  });
}

/** What is no event for all: of one speech, to one person alone, or somebody's coming and going. */
const noEvent =
  /^\W*(?:to|aside|reads?|reading|sings?|singing|within|speaks?)\b|\b(?:re-?enters?|enters?|exits?|exeunt)\b/i;

function directionsAfter(
  play: Play,
  { directions }: PlayedScene,
  { spoken }: Moment,
  cast: readonly string[],
): readonly string[] {
  const others = properNames(play).filter(({ person }) => !cast.includes(person));
  const namesOthers = (text: string): boolean => {
    const said = new Set(words(text).map((word) => word.replace(/'s$/, '')));
    return others.some(({ word }) => said.has(word.toLowerCase()));
  };
  return directions
    .filter(({ after, direction: { inline, enters = [], exits = [] } }) => {
      return after > spoken && !inline && enters.length === 0 && exits.length === 0;
    })
    .map(({ direction }) => inPlainPrint(direction.text))
    .filter((text) => !noEvent.test(text) && !namesOthers(text));
}

/** A direction with names as in running text: "Lying down at Ophelia's feet". */
function inPlainPrint(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ '(?=s\b)/g, "'")
    .replace(/\p{Lu}{3,}/gu, displayName)
    .trim();
}

/** All who speak in the scene and are there: at the line, or when it begins. */
function everybodyAt(scene: PlayedScene, { line = 0 }: Place): readonly string[] {
  const speakers = [...new Set(scene.turns.flatMap(({ speakers: names }) => names))].filter(
    (name) => !isCollective(name),
  );
  const { present } = momentBefore(scene, line, speakers);
  return present.length > 0 ? present : speakers;
}

function aboutOf(
  play: Play,
  at: Place,
  here: readonly string[],
  entrances: readonly Entrance[],
): string {
  const comes = entrances.map(({ who, after }) => {
    const verb = who.length === 1 ? 'enters' : 'enter';
    const when = after === 0 ? 'at once' : `after ${after} ${after === 1 ? 'turn' : 'turns'}`;
    return `${listOf(who.map(displayName))} ${verb} ${when}`;
  });
  const onStage = here.length === 0 ? 'nobody' : listOf(here.map(displayName));
  const begins = `Begins at ${formatPlace(at)} of "${play.title}" with ${onStage} on stage`;
  return `${[begins, ...comes].join('; ')}.`;
}

function cannotBeThere(play: Play, absent: readonly string[], scene: string): DramatisError {
  const names = listOf(absent.map(displayName));
  const verb = absent.length === 1 ? 'is' : 'are';
  const scenes = playedScenes(play)
    .filter((one) => absent.every((name) => isInScene(one, name)))
    .map((one) => one.scene);
  const where =
    scenes.length === 0
      ? ''
      : `; ${absent.length === 1 ? displayName(absent[0]!) : 'they'} ${verb} on stage in ${listOf(scenes)}`;
  return new DramatisError(
    'CHARACTER_ABSENT',
    `${names} ${verb} not on stage at any time of ${scene} of "${play.title}"${where}`,
  );
}
