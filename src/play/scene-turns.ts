import type { Act, Play, Scene, Speech } from './play.ts';
import { words } from './words.ts';

/** A whole speech: the parts after directions belong to it. */
export interface Turn {
  /** Name in the cast; of a joint speech "ROSENCRANTZ and GUILDENSTERN". */
  readonly speaker: string;
  readonly speakers: readonly string[];
  /** The words in one paragraph, without directions. */
  readonly text: string;
  /** The words with what happens on stage in brackets where it happens, until the next speech begins. */
  readonly textOnStage: string;
  /** Place of the first word, such as "3.1.56". */
  readonly place: string;
  /** Cast names on stage for any part of it, sorted. */
  readonly present: readonly string[];
  readonly words: number;
}

/** A scene that has speeches, as turns. */
export interface TurnScene {
  /** Such as "3.1". */
  readonly scene: string;
  readonly turns: readonly Turn[];
  /** Directions before the first speech, in brackets; empty if there are none. */
  readonly opening: string;
}

const made = new WeakMap<Play, readonly TurnScene[]>();

/** Every scene of a play in order, as turns. Worked out once for a play. */
export function sceneTurns(play: Play): readonly TurnScene[] {
  const known = made.get(play);
  if (known) return known;
  const scenes = play.acts.flatMap((act) =>
    act.scenes.map((scene) => turnScene(act, scene)).filter(({ turns }) => turns.length > 0),
  );
  made.set(play, scenes);
  return scenes;
}

function turnScene(act: Act, { number, elements }: Scene): TurnScene {
  const turns: Turn[] = [];
  const opening: string[] = [];
  let parts: Speech[] = [];
  let onStage: string[] = opening;
  /** Directions printed inside a speech, such as "[Aside]", stand before its words but are met before its label. */
  let inside: string[] = [];
  const close = (): void => {
    if (parts.length > 0) turns.push(turnOf(parts, onStage.join(' ')));
    parts = [];
  };
  for (const element of elements) {
    if (element.kind === 'direction') {
      (element.inline ? inside : onStage).push(`[${oneParagraph(element.text)}]`);
      continue;
    }
    if (!element.continued || parts.length === 0) {
      close();
      onStage = [];
    }
    parts.push(element);
    onStage.push(...inside, oneParagraph(element.lines.join(' ')));
    inside = [];
  }
  onStage.push(...inside);
  close();
  return { scene: `${act.number}.${number}`, turns, opening: opening.join(' ') };
}

function turnOf(parts: readonly Speech[], textOnStage: string): Turn {
  const { speakers, place } = parts[0]!;
  const text = oneParagraph(parts.flatMap(({ lines }) => lines).join(' '));
  return {
    speaker: speakers.join(' and '),
    speakers,
    text,
    textOnStage,
    place,
    present: [...new Set(parts.flatMap((part) => part.present))].sort(),
    words: words(text).length,
  };
}

function oneParagraph(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
