import { displayName } from '../../../play/cast/display-name.ts';

/** Marks beside names: a colour is never all that distinguishes. */
const marks = ['●', '◆', '▲', '■', '▼', '★', '✚', '⬟'] as const;

/** Class of a name's colour, by its place in the cast. */
export function hueOf(cast: readonly string[], name: string): string {
  return `hue-${Math.max(0, cast.indexOf(name)) % marks.length}`;
}

/** A cast name in small capitals. */
export function Who({ name, cast }: { name: string; cast: readonly string[] }) {
  return <span class={`who ${hueOf(cast, name)}`}>{displayName(name)}</span>;
}

/** The mark that stands for one of the cast. */
export function Mark({ name, cast }: { name: string; cast: readonly string[] }) {
  const i = Math.max(0, cast.indexOf(name)) % marks.length;
  return (
    <span class={`mark ${hueOf(cast, name)}`} aria-hidden="true">
      {marks[i]}
    </span>
  );
}
