import { type HtmlReader, readHtml } from './html.ts';

/** Elements that stand apart from what is around them. */
const block =
  /^(?:p|div|h[1-6]|blockquote|table|tr|ul|ol|li|hr|section|dl|dt|dd|header|article|figure|center|pre|title)$/;
const emphasis: Readonly<Record<string, string>> = {
  i: '_',
  em: '_',
  cite: '_',
  b: '**',
  strong: '**',
  // Who speaks, in a list of names and words.
  dt: '**',
};
/** Numbers of pages, which stand in the midst of words. */
const pageNumber = /(?:^|\s)(?:pagenum|pageno|pgnum|pb|pagebreak)/i;
/** What stands around the name of who speaks. */
const speaks = ['**', '**'] as const;
/** Classes by which editions set who speaks, and what is done. */
const classes = [
  {
    named: /(?:^|\s)(?:speaker|character|charname|persona|singer)(?:\s|$)/i,
    marks: speaks,
  },
  {
    named: /(?:^|\s)(?:stage-?dir(?:ection)?s?|stage|direction|didascalie|sd)(?:\s|$)/i,
    marks: ['[', ']'],
  },
] as const;
const smallCapitals = /(?:^|\s)(?:smcap|smallcaps|small-caps|sc)(?:\s|$)/i;
/** Elements that are set by their class as a whole. */
const setElement = /^(?:p|span|div|b|i|em|strong)$/;

/**
 * The text of HTML of any kind, a printed line to a line: italics and bold as Markdown marks them, who speaks in bold and
 * directions in brackets where a class says so; numbers of pages last.
 *
 * @returns The text, and whom a class says to speak, in capitals.
 */
export function htmlText(html: string): { text: string; names: readonly string[] } {
  const reader = new TextReader();
  readHtml(html, reader);
  return reader.finish();
}

/** An element that is open. */
interface OpenElement {
  readonly isPage: boolean;
  readonly isSkipped: boolean;
  readonly isPreserved: boolean;
  readonly isCapitals: boolean;
  /** What its class puts around it; none for most. */
  readonly marks: readonly [string, string] | undefined;
  /** Where its text begins. */
  readonly from: number;
}

class TextReader implements HtmlReader {
  #text = '';
  readonly #pages: string[] = [];
  readonly #names = new Set<string>();
  readonly #open: OpenElement[] = [];

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const outer = this.#open.at(-1);
    const given = attributes.class ?? '';
    const own = setElement.test(name) ? given : '';
    const marks = classes.find(({ named }) => named.test(own))?.marks;
    this.#text += opening(name, marks !== undefined);
    this.#open.push({
      isPage: outer?.isPage || (name === 'span' && pageNumber.test(given)),
      isSkipped: outer?.isSkipped || name === 'script' || name === 'style',
      isPreserved: outer?.isPreserved || name === 'pre',
      isCapitals: outer?.isCapitals || smallCapitals.test(own),
      marks,
      from: this.#text.length,
    });
  }

  text(part: string): void {
    const around = this.#open.at(-1);
    if (around?.isSkipped) return;
    if (around?.isPage) this.#pages.push(part.trim());
    else {
      const printed = around?.isCapitals ? part.toUpperCase() : part;
      this.#text += around?.isPreserved ? printed : printed.replace(/\s+/g, ' ');
    }
  }

  close(name: string): void {
    const { marks, from = 0 } = this.#open.pop() ?? {};
    if (marks) {
      const inner = this.#text.slice(from);
      if (marks === speaks)
        this.#names.add(
          inner
            .replace(/[^\p{L}\p{N}'’ -]/gu, '')
            .trim()
            .toUpperCase(),
        );
      this.#text = this.#text.slice(0, from) + marked(inner, marks);
    }
    if (name === 'dt') this.#text += '**';
    if (block.test(name)) this.#text += '\n\n';
    else if (!marks) this.#text += emphasis[name] ?? '';
  }

  finish(): { text: string; names: readonly string[] } {
    const text = this.#text
      // A cell that is the first of its row needs nothing before it.
      .replace(/[ \t]*\n[ \t]*/g, '\n')
      .replace(/ *\t */g, '\t')
      // The stop of a label stands in its mark.
      .replace(/\*\*([^*\n]+)\*\*([.:])/g, '**$1$2**')
      .replace(/(\*\*|_)(\s*)\1/g, '$2');
    const pages = this.#pages.filter(Boolean).join(' ');
    return { text: `${text}\n\n${pages}`, names: [...this.#names] };
  }
}

function opening(name: string, isSet: boolean): string {
  if (name === 'br') return '\n';
  if (name === 'td') return '\t';
  if (name === 'dt') return '\n\n**';
  if (block.test(name)) return '\n\n';
  return isSet ? '' : (emphasis[name] ?? '');
}

/** A text between marks, the blanks around it outside; one in brackets of its own needs none. */
function marked(text: string, [opens, closes]: readonly [string, string]): string {
  const inner = text.trim();
  if (!/[\p{L}\p{N}]/u.test(inner) || /^[[(]/.test(inner)) return text;
  return text.replace(inner, () => opens + inner + closes);
}
