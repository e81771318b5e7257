/** What a person wants by a key, while a scene is played. */
export type Wish =
  | { readonly kind: 'pause' | 'say' | 'note' | 'fork' | 'edit' | 'help' | 'leave' | 'interrupt' }
  /** Whom they want to speak next: which one of those on stage, from 0. */
  | { readonly kind: 'next'; readonly index: number };

const kinds = new Map<string, Exclude<Wish['kind'], 'next'>>([
  ['space', 'pause'],
  ['s', 'say'],
  ['n', 'note'],
  ['f', 'fork'],
  ['e', 'edit'],
  ['?', 'help'],
  ['q', 'leave'],
  ['ctrl-d', 'leave'],
  ['ctrl-c', 'interrupt'],
]);

/** What a key means; undefined for one that means nothing. */
export function wishOf(key: string): Wish | undefined {
  if (/^[1-9]$/.test(key)) return { kind: 'next', index: Number(key) - 1 };
  const kind = kinds.get(key);
  return kind && { kind };
}

/** What is announced on the status line until the turn is over. */
export const announced: Readonly<Partial<Record<Wish['kind'], string>>> = {
  pause: 'then: pause',
  say: 'then: you speak',
  note: 'then: your direction',
  fork: 'then: fork',
  edit: 'then: edit',
  next: 'then: whom you named',
  leave: 'then: leave',
};
