import type { DraftScene } from '../formats/draft.ts';
import type { LabelPiece } from '../formats/piece.ts';
import type { KnownPlay } from './known-persons.ts';
import { isCollective, jointParts, normalName } from './label.ts';

/** The names a label consists of: those the markup gives, else the parts of a joint label. */
export function labelParts(label: LabelPiece, known: { has(name: string): boolean }): string[] {
  if (label.speakers) return label.speakers.map(normalName);
  const whole = normalName(label.text);
  if (known.has(whole) || isCollective(whole)) return [whole];
  const parts = jointParts(label.text).map(normalName).filter(Boolean);
  return parts.length > 0 ? parts : [whole];
}

/** Where a play within the play borrows labels of the play: "King." is the player, once he has come on. */
export function innerLabels(
  { inner }: KnownPlay,
  scenes: readonly DraftScene[],
): Map<LabelPiece, string> {
  const found = new Map<LabelPiece, string>();
  if (!inner) return found;
  for (const { elements } of scenes) {
    let where: 'before' | 'after' | 'inside' = 'before';
    for (const element of elements) {
      if (element.kind === 'direction') where = innerMove(where, element.text, inner);
      else {
        const to = inner.labels[normalName(element.label.text)];
        if (to && where === 'before') where = 'after';
        if (to && where === 'inside') found.set(element.label, to);
      }
    }
  }
  return found;
}

/** `before` the borrowed label is first spoken, `after` that, or `inside` the play within the play. */
function innerMove(
  where: 'before' | 'after' | 'inside',
  direction: string,
  { from, until }: NonNullable<KnownPlay['inner']>,
): typeof where {
  if (where === 'inside') return until.test(direction) ? 'after' : 'inside';
  return where === 'after' && from.test(direction) ? 'inside' : where;
}

/** Every name that labels are made of; each label is taken apart but once. */
export function labelNames(scenes: readonly DraftScene[]): string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const none = new Set<string>();
  for (const { elements } of scenes)
    for (const element of elements) {
      if (element.kind !== 'speech' || element.continued) continue;
      const { text, speakers } = element.label;
      if (!speakers && seen.has(text)) continue;
      seen.add(text);
      for (const part of labelParts(element.label, none)) names.add(part);
    }
  return [...names];
}
