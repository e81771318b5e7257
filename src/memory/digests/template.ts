/** A stretch of a template: plain words, or a person in one of the forms. */
export type TemplatePart = string | Mention;

/** A person in a template. */
interface Mention {
  /** The name as written: a cast name, or a key of the file's persons. */
  readonly person: string;
  readonly form: MentionForm;
}

/**
 * What stands in place of a person: as the subject of a sentence, its object, or whose something is; or two texts of which
 * the second is for when the person itself tells it.
 */
type MentionForm =
  | 'subject'
  | 'object'
  | 'possessive'
  | { readonly third: string; readonly first: string };

const placeholder = /\{([^{}:]+)(?::([^{}]*))?\}/g;

/** The parts of a template in order; undefined in place of a form that there is none. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (const match of text.matchAll(placeholder)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    const form = formOf(match[2]);
    parts.push(form === undefined ? match[0] : { person: match[1]!, form });
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

function formOf(written: string | undefined): MentionForm | undefined {
  if (written === undefined) return 'subject';
  if (written === 'me') return 'object';
  if (written === "'s" || written === '’s') return 'possessive';
  const [third, first, ...rest] = written.split('/');
  if (third === undefined || first === undefined || rest.length > 0) return undefined;
  return { third, first };
}

/** Everybody a template names, once each, in order. */
export function personsOf(parts: readonly TemplatePart[]): string[] {
  const names = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.person]));
  return [...new Set(names)];
}
