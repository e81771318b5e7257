import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/terminal-text.ts';
import { wrap } from '../terminal/word-wrap.ts';
import type { SceneLine } from './scene-lines.ts';

/** Colours of names, each beside the name itself: nobody is known by colour alone. */
const colours = ['cyan', 'yellow', 'magenta', 'green', 'blue', 'red'] as const;
/** What goes over stands so far in. */
const indent = 4;
/** Longer lines are hard to read. */
const widest = 92;

/** Lays out a scene as a page of a play: names bold and each in a colour of its own, directions dim and in brackets. */
export class PageText {
  readonly #paint: Paint;
  readonly #columns: () => number;
  /** Cast names in the order in which they came: each has the next colour. */
  readonly #names: string[] = [];

  /** @param columns Of the terminal, asked at each line: a window is resized. */
  constructor(paint: Paint, columns: () => number) {
    this.#paint = paint;
    this.#columns = columns;
  }

  /** The lines of a turn or a direction, none as wide as the terminal. */
  lines(line: SceneLine): string[] {
    if (line.kind === 'direction') {
      const inside = wrap(printable(`[${line.text}]`), this.#width - indent).split('\n');
      return inside.map((text) => `${' '.repeat(indent)}${this.#paint('dim', text)}`);
    }
    const { who, manner, text, mark } = line;
    const name = printable(who);
    const label = `${name}.${manner ? ` [${printable(manner)}]` : ''}`;
    const words = `${text}${mark ? ` [${mark}]` : ''}`;
    const [first = '', ...rest] = hanging(`${label} ${printable(words)}`, this.#width);
    const shown = first.startsWith(label)
      ? this.#label(who, name, label) + first.slice(label.length)
      : first;
    return [shown, ...rest];
  }

  #label(who: string, name: string, label: string): string {
    const rest = label.slice(name.length + 1);
    return this.#paint(['bold', this.#colourOf(who)], `${name}.`) + this.#paint('dim', rest);
  }

  #colourOf(who: string): (typeof colours)[number] {
    if (!this.#names.includes(who)) this.#names.push(who);
    return colours[this.#names.indexOf(who) % colours.length]!;
  }

  /** One column is left free: a terminal that wraps by itself at the last one would add an empty line. */
  get #width(): number {
    return Math.max(20, Math.min(widest, this.#columns() - 1));
  }
}

/** Breaks a text so that all lines but the first stand a little in. */
function hanging(text: string, width: number): string[] {
  // The first line has the columns, too, that the others leave free.
  const [first = '', ...rest] = wrap(text, width - indent, -indent).split('\n');
  return [first, ...rest.map((line) => ' '.repeat(indent) + line)];
}
