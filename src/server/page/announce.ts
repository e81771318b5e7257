import { signal } from '@preact/signals';

/** Which turns a screen reader says. */
export type Announcing = 'all' | 'names' | 'off';

/** Announcements come no faster than this, in milliseconds. */
const gapMs = 3_000;

/** What the page's polite region holds: one announcement at a time. */
export const announcement = signal('');
/** Set by the reader; kept in this browser. */
export const announcing = signal<Announcing>(kept());

let lastAt = Number.NEGATIVE_INFINITY;
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Sets which turns are said. */
export function setAnnouncing(value: Announcing): void {
  announcing.value = value;
  localStorage.setItem('dramatis.announce', value);
}

/** Says something when it is quiet: at most one in three seconds, and of several only how many there are. */
export function announce(text: string, now: number = performance.now()): void {
  waiting.push(text);
  if (timer) return;
  if (now - lastAt >= gapMs) say();
  else timer = setTimeout(say, gapMs - (now - lastAt));
}

function say(): void {
  timer = undefined;
  lastAt = performance.now();
  const [first, ...more] = waiting;
  waiting = [];
  if (first === undefined) return;
  announcement.value = more.length === 0 ? first : `${more.length + 1} more turns`;
}

function kept(): Announcing {
  const value = localStorage.getItem('dramatis.announce');
  return value === 'names' || value === 'off' ? value : 'all';
}
