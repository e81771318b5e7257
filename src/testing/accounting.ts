import type { Play } from '../play/play.ts';
import { words } from '../play/words.ts';

/** What is wrong with the books: words of the source that the play has not, and the other way round. */
export interface Accounts {
  readonly lost: readonly string[];
  readonly invented: readonly string[];
}

/**
 * Holds the words of a source against those of the play read from it, as multisets: every word is
 * dialogue, label, direction, heading, cast list or boilerplate, once.
 *
 * @param source The text of the source, markup taken off.
 */
export function account(source: string, play: Play): Accounts {
  const balance = new Map<string, number>();
  const count = (text: string, by: number): void => {
    for (const word of words(text)) balance.set(word, (balance.get(word) ?? 0) + by);
  };
  count(source, 1);
  for (const text of printed(play)) count(text, -1);
  const lost: string[] = [];
  const invented: string[] = [];
  for (const [word, left] of balance)
    for (let i = Math.abs(left); i > 0; i--) (left > 0 ? lost : invented).push(word);
  return { lost, invented };
}

/** Every printed text of a play, each once: a continued speech has no label of its own. */
function* printed(play: Play): Generator<string> {
  yield play.title;
  for (const { text } of [...(play.castList ?? []), ...(play.boilerplate ?? [])]) yield text;
  for (const act of play.acts) {
    yield act.heading;
    for (const scene of act.scenes) {
      yield scene.heading;
      for (const element of scene.elements) {
        if (element.kind === 'direction') yield element.text;
        else {
          if (!element.continued) yield element.label;
          yield* element.lines;
        }
      }
    }
  }
}

/** The text between the tags of XML or HTML, with the five entities of XML. */
export function withoutTags(markup: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return markup
    .replace(/<!DOCTYPE[^[>]*(?:\[[^\]]*\])?[^>]*>|<\?[^>]*\?>|<!--[\s\S]*?-->|<[^>]*>/g, ' ')
    .replace(/&(\w+);/g, (entity, name: string) => named[name] ?? entity);
}
