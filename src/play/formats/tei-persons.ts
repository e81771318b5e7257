import { normalName } from '../cast/label.ts';
import type { PersonPiece } from './piece.ts';
import type { XmlElement } from './xml.ts';

/** "#a #b" → ["a", "b"]. */
export function idsOf(who: string | undefined): string[] {
  const ids = (who ?? '').split(/\s+/).map((id) => id.replace(/^#/, ''));
  return [...new Set(ids.filter(Boolean))];
}

/** Those whom a TEI edition gives ids: an id is a person, and no two of them have one name. */
export class TeiPersons {
  /** Id → the names that the header lists, the main one first. */
  readonly #listed = new Map<string, string[]>();
  /** Id → the name in the cast list. */
  readonly #roles = new Map<string, string>();
  /** Id → the labels of speeches that have no other id. */
  readonly #labels = new Map<string, Set<string>>();
  /** Id → the name that it alone has. */
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  #personId = '';
  #open: XmlElement | undefined;

  open(element: XmlElement): void {
    const { name, attributes } = element;
    if (name === 'person' || name === 'persongrp')
      this.#personId = attributes['xml:id'] ?? attributes.id ?? '';
  }

  /** Text of the header, with the elements that are open around it. */
  header(open: readonly XmlElement[], text: string): void {
    const person = open.findLastIndex(({ name }) => name === 'person' || name === 'persongrp');
    const element = open[person + 1];
    if (person < 0 || (element?.name !== 'persname' && element?.name !== 'name')) return;
    // Groups are listed under their ids, some persons under what they do: neither is a name.
    if (text.includes('_') || !/^\s*\p{Lu}/u.test(text)) return;
    const names = this.#listed.get(this.#personId) ?? [];
    const goesOn = element === this.#open;
    this.#open = element;
    const name = normalName(goesOn ? `${names.pop() ?? ''} ${text}` : text);
    // A name in a language of its own beside the edition's is a translation.
    const isOther = element.attributes.type === 'variant' || isTranslated(element, names);
    if (isOther || goesOn) names.push(name);
    else names.unshift(name);
    this.#listed.set(this.#personId, names);
  }

  role(id: string, printed: string): void {
    this.#roles.set(id, normalName(printed.replace(/,$/, '')));
  }

  labelled(id: string, label: string): void {
    const known = this.#labels.get(id) ?? new Set();
    this.#labels.set(id, known.add(normalName(label)));
  }

  /** The name of the person with this id; it is settled when it is first asked for, after all has been read. */
  nameOf(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const [main, ...others] = this.#listed.get(id) ?? [];
    const labels = [...(this.#labels.get(id) ?? [])];
    const fromId = nameOfId(id);
    const forms = [this.#roles.get(id) ?? main, ...labels, fromId, ...others];
    const name =
      forms.find((form) => form !== undefined && form !== '' && !this.#taken.has(form)) ??
      this.#numbered(forms.find((form) => form) ?? id);
    this.#taken.add(name);
    this.#names.set(id, name);
    return name;
  }

  /** Everybody named so far. */
  pieces(): PersonPiece[] {
    return [...this.#names].map(([id, text]) => ({
      kind: 'person',
      text,
      line: 0,
      aliases: this.#listed.get(id) ?? [],
    }));
  }

  /** The second of two who have one name and nothing else. */
  #numbered(name: string): string {
    for (let numbered = `${name} II`; ; numbered += 'I')
      if (!this.#taken.has(numbered)) return numbered;
  }
}

/** Another name stands before it, and it says which language it is in. */
const isTranslated = ({ attributes }: XmlElement, names: readonly string[]): boolean =>
  names.length > 0 && (attributes['xml:lang'] ?? attributes.lang) !== undefined;

/** "FOLLOWERS.LAERTES_Ham" → "FOLLOWERS", "OldMan" → "OLD MAN", "eine_andere" → "EINE ANDERE". */
function nameOfId(id: string): string {
  const plain = id.replace(/_(?:Ham|Mac|\p{Lu}\p{L}{2,3})$/u, '').replace(/\..*$/, '');
  return normalName(plain.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ').replace(/_+/g, ' '));
}
