import { DramatisError, remedies } from '../errors.ts';
import { CastBook, type Member, nobody } from './cast/cast.ts';
import { MentionIndex } from './cast/mention.ts';
import { decode } from './formats/decode.ts';
import { type Draft, type DraftElement, type DraftScene, draft } from './formats/draft.ts';
import { detectFormat } from './formats/formats.ts';
import type {
  Act,
  CastMember,
  Direction,
  Play,
  Scene,
  SceneElement,
  Speech,
  Warning,
} from './play.ts';
import { type Absence, replay, type Staged } from './presence.ts';
import type { Cue } from './scene-outlook.ts';
import { statedTongue } from './tongue.ts';
import { words } from './words.ts';

export interface ParseOptions {
  /** The play's title, where the text has none or a wrong one; of a file with several plays, which one. */
  readonly title?: string;
  /** Gives the play also where most of its words have no speaker. */
  readonly force?: boolean;
}

/** No speech is longer: the words beyond belong to others, whose labels were not told. */
const longestSpeech = 4000;
/** Fewer speakers may well have a speech each. */
const leastNotes = 4;

/**
 * Reads the text of a play in any edition format, which is detected from its content.
 *
 * Every word of the source is kept: as speech, direction, heading or cast list, or in `boilerplate`.
 * What was repaired or is not certain is in `warnings`, with lines of the source.
 *
 * @throws {DramatisError} PLAY_UNREADABLE if it is not text, if there is no speech in it, or if most of its words have
 *   no speaker, unless `force` is given.
 */
export function parsePlay(bytes: Uint8Array, options: ParseOptions = {}): Play {
  const { text, repairs } = decode(bytes);
  const format = detectFormat(text);
  const drafted = draft(format.pieces(text, options));
  const title = options.title ?? drafted.title ?? 'Untitled';
  const book = new CastBook(drafted, title);
  const index = new MentionIndex(book.members);
  const warnings: Warning[] = [
    ...repairs.map((message) => ({ line: 0, message })),
    ...drafted.warnings,
  ];
  const acts = drafted.acts.map(
    (act): Act => ({
      number: act.number,
      heading: act.heading,
      scenes: act.scenes.map((scene) => stageScene(scene, act.number, book, index, warnings)),
    }),
  );
  const cast = castOf(acts, book.members);
  if (!cast.some(({ name, speeches }) => speeches > 0 && name !== nobody))
    throw new DramatisError(
      'PLAY_UNREADABLE',
      `no speech was found in ${text.split('\n').length} lines read as ${format.name}`,
    );
  const unspoken = drafted.unlabelledWords + wordsWithoutSpeaker(acts);
  const spoken = cast.reduce((sum, member) => sum + member.words, 0);
  if (!options.force && unspoken > spoken)
    throw new DramatisError(
      'PLAY_UNREADABLE',
      `most of the words (${unspoken} of ${unspoken + spoken}) have no speaker: the names before the speeches were not recognised`,
      {
        remedy: `${remedies.PLAY_UNREADABLE}\n"dramatis parse FILE --force" reads it all the same.`,
      },
    );
  if (!options.force && isListOfNotes(drafted, cast))
    throw new DramatisError(
      'PLAY_UNREADABLE',
      'nobody speaks twice, and there is neither a heading nor a cast list: this is a list, a letter or a form rather than a play',
      {
        remedy: `${remedies.PLAY_UNREADABLE}\n"dramatis parse FILE --force" reads it all the same.`,
      },
    );
  warnings.sort((a, b) => a.line - b.line);
  return {
    title,
    ...statedTongue(text),
    format: format.name,
    acts,
    cast,
    warnings,
    boilerplate: drafted.boilerplate,
    castList: drafted.castList,
  };
}

/** "Subject: …", "Ingredients: …": words before colons of which none comes again, in a text with nothing else of a play. */
function isListOfNotes({ acts, castList }: Draft, cast: readonly CastMember[]): boolean {
  const speaking = cast.filter(({ speeches }) => speeches > 0);
  if (speaking.length < leastNotes || castList.length > 0) return false;
  const headed = acts.some((act) => act.heading || act.scenes.some(({ heading }) => heading));
  return !headed && speaking.every(({ speeches }) => speeches === 1);
}

/** Words of speeches that nobody speaks, and of those that are too long to be one person's. */
function wordsWithoutSpeaker(acts: readonly Act[]): number {
  let sum = 0;
  for (const { elements } of acts.flatMap(({ scenes }) => scenes))
    for (const element of elements) {
      if (element.kind !== 'speech') continue;
      const count = element.lines.reduce((total, line) => total + words(line).length, 0);
      sum += element.speakers.includes(nobody) ? count : Math.max(0, count - longestSpeech);
    }
  return sum;
}

/** A scene with its speakers told, its entrances and exits replayed and its lines counted. */
function stageScene(
  scene: DraftScene,
  act: number,
  book: CastBook,
  index: MentionIndex,
  warnings: Warning[],
): Scene {
  const cues = scene.elements.map(
    (element): Cue =>
      element.kind === 'direction'
        ? { kind: 'direction', piece: element }
        : { kind: 'speech', speakers: book.speakersOf(element.label, scene), line: element.line },
  );
  const staged = replay(cues, index);
  const elements: SceneElement[] = [];
  let line = 0;
  scene.elements.forEach((element, i) => {
    const { [i]: result } = staged;
    if (element.kind === 'direction') {
      elements.push(directionOf(element, result!));
      return;
    }
    const cue = cues[i]!;
    const speakers = cue.kind === 'speech' ? cue.speakers : [];
    const first = Math.max(1, line + (element.lines[0]?.joins ? 0 : 1));
    line = first - 1 + element.lines.length;
    const place = `${act}.${scene.number}.${first}`;
    elements.push(speechOf(element, speakers, result!, place));
    for (const absent of result!.absent)
      warnings.push({ line: element.line, message: absence(absent, place) });
  });
  return { number: scene.number, heading: scene.heading, elements };
}

function absence({ member, why }: Absence, place: string): string {
  return why === 'offstage'
    ? `${member.name} speaks at ${place} without being on stage`
    : `${member.name} speaks at ${place} without an entrance; taken as on stage from there`;
}

function directionOf(
  element: DraftElement & { kind: 'direction' },
  { enters, exits }: Staged,
): Direction {
  return {
    kind: 'direction',
    text: element.text,
    ...(element.inline && { inline: true }),
    ...(enters.length > 0 && { enters: names(enters) }),
    ...(exits.length > 0 && { exits: names(exits) }),
  };
}

function speechOf(
  element: DraftElement & { kind: 'speech' },
  speakers: readonly Member[],
  { present }: Staged,
  place: string,
): Speech {
  return {
    kind: 'speech',
    speakers: speakers.map(({ name }) => name),
    label: element.label.text,
    lines: element.lines.map(({ text }) => text),
    ...(element.continued && { continued: true }),
    place,
    present,
  };
}

const names = (members: readonly Member[]): string[] =>
  [...new Set(members.map(({ name }) => name))].sort();

/** The cast by words, most first; people of the cast list who never speak come last. */
function castOf(acts: readonly Act[], members: readonly Member[]): CastMember[] {
  const counts = new Map<string, { speeches: number; words: number }>();
  for (const { elements } of acts.flatMap(({ scenes }) => scenes))
    for (const element of elements) {
      if (element.kind !== 'speech') continue;
      const count = element.lines.reduce((sum, line) => sum + words(line).length, 0);
      for (const name of element.speakers) {
        const tally = counts.get(name) ?? { speeches: 0, words: 0 };
        tally.speeches += element.continued ? 0 : 1;
        tally.words += count;
        counts.set(name, tally);
      }
    }
  return members
    .map((member) => ({
      name: member.name,
      aliases: aliasesOf(member),
      description: member.description,
      speeches: counts.get(member.name)?.speeches ?? 0,
      words: counts.get(member.name)?.words ?? 0,
    }))
    .sort((a, b) => b.words - a.words || b.speeches - a.speeches || (a.name < b.name ? -1 : 1));
}

function aliasesOf(member: Member): string[] {
  const all = [
    ...member.names,
    ...member.short,
    member.known?.name ?? '',
    ...(member.known?.aliases ?? []),
  ];
  return [...new Set(all)].filter((name) => name !== '' && name !== member.name).sort();
}
