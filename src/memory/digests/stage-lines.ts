import { parsePlace } from '../../play/place.ts';
import type { Place, Play } from '../../play/play.ts';
import { speechParts } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';

/** One line of a play and who was there. */
export class StageLine {
  readonly place: Required<Place>;
  /** The line as printed. */
  readonly text: string;
  /** Cast names of those on stage, and of those who speak it from elsewhere. */
  readonly present: ReadonlySet<string>;
  #plain: string | undefined;

  constructor(place: Required<Place>, text: string, present: ReadonlySet<string>) {
    this.place = place;
    this.text = text;
    this.present = present;
  }

  /** Words in the form they are compared in, with a space around each: worked out when it is first asked for. */
  get plain(): string {
    this.#plain ??= plainWords(this.text);
    return this.#plain;
  }
}

/** The spoken lines of a play by scene, each at its number: what the places of digests are looked up in. */
export class StageLines {
  readonly #scenes = new Map<string, StageLine[]>();

  constructor(play: Play) {
    for (const { speech } of speechParts(play)) {
      const { act, scene, line = 1 } = parsePlace(speech.place);
      const present = new Set([...speech.present, ...speech.speakers]);
      const lines = this.#scenes.get(`${act}.${scene}`) ?? [];
      this.#scenes.set(`${act}.${scene}`, lines);
      speech.lines.forEach((text, i) => {
        lines.push(new StageLine({ act, scene, line: line + i }, text, present));
      });
    }
  }

  /** Scenes with lines, in the play's order. */
  get scenes(): readonly (readonly StageLine[])[] {
    return [...this.#scenes.values()];
  }

  /** All lines of a scene; none if there is no such scene. */
  scene({ act, scene }: Place): readonly StageLine[] {
    return this.#scenes.get(`${act}.${scene}`) ?? [];
  }

  /** The lines of a scene from one number to another, both included. */
  between(from: Required<Place>, end: Required<Place>): readonly StageLine[] {
    return this.scene(from).filter(
      ({ place }) => place.line >= from.line && place.line <= end.line,
    );
  }
}

/** Words in the form in which editions agree: no capitals, no punctuation, "to-night" and "o'er" as one word without marks. */
export function plainWords(text: string): string {
  return ` ${words(text)
    .map((word) => word.replace(/['-]/g, ''))
    .join(' ')} `;
}
