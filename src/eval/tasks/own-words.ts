import type { Source } from '../../corpus/source.ts';
import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import { type SpokenText, spokenTexts } from '../../measure/text/train-text.ts';
import { words } from '../../play/words.ts';

/** A part of what somebody says, in their order, and where it begins. */
export interface Slice {
  readonly scene: string;
  readonly place: string;
  /** Lines as printed, at most about 75 words. */
  readonly first: string;
  /** What follows in the slice, as much at most. */
  readonly second: string;
}

/** In words: about as much as a reply has. */
const replyWords = 75;

/** What somebody says alone in one part of a play. */
export function saidIn(source: Source, part: SplitPart, speaker: string): readonly SpokenText[] {
  return spokenTexts(source).filter(
    ({ scene, speakers }) =>
      speakers.length === 1 && speakers[0] === speaker && source.split.partOf(scene) === part,
  );
}

/** Those who say anything alone in a part, whoever says most first. */
export function speakersIn(source: Source, part: SplitPart): readonly string[] {
  const said = new Map<string, number>();
  for (const { scene, speakers, words: own } of spokenTexts(source))
    if (speakers.length === 1 && source.split.partOf(scene) === part)
      said.set(speakers[0]!, (said.get(speakers[0]!) ?? 0) + own.length);
  return [...said].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/**
 * Cuts speeches into so many slices of about the same length, at the ends of lines. Where there are fewer lines than
 * slices some have no words.
 */
export function slices(speeches: readonly SpokenText[], count: number): Slice[] {
  const lines = speeches.flatMap(({ scene, place, lines: printed }) =>
    printed.map((line) => ({ scene, place, line, words: words(line).length })),
  );
  const total = lines.reduce((sum, line) => sum + line.words, 0);
  const groups: (typeof lines)[] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const line of lines) {
    groups[Math.min(count - 1, Math.floor((count * before) / Math.max(1, total)))]!.push(line);
    before += line.words;
  }
  let last = lines[0];
  return groups.flatMap((group) => {
    last = group[0] ?? last;
    if (!last) return [];
    const inGroup = group.reduce((sum, line) => sum + line.words, 0);
    const most = Math.min(replyWords, Math.ceil(inGroup / 2));
    const first = filled(group, most);
    const second = filled(group.slice(first.length), most);
    const text = (part: typeof lines): string => part.map(({ line }) => line).join('\n');
    return [{ scene: last.scene, place: last.place, first: text(first), second: text(second) }];
  });
}

/** The lines up to the one in which so many words are full. */
function filled<L extends { readonly words: number }>(lines: readonly L[], most: number): L[] {
  let left = most;
  return lines.filter((line) => {
    const fits = left > 0;
    left -= line.words;
    return fits;
  });
}
