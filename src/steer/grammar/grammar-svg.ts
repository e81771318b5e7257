import type { GrammarExpression, GrammarSyntax } from '../../engine/grammar-syntax.ts';
import { notationOf, sharesOf, timesOf } from './grammar-notation.ts';

/** A part of the picture: a track runs through it at height 0, `up` above and `down` below it. Pixels. */
interface Box {
  readonly width: number;
  readonly up: number;
  readonly down: number;
  /** Draws it with the track's begin at (x, y). */
  draw(x: number, y: number): string;
}

const characterWidth = 7.3;
const half = 12;
const gap = 12;
const turn = 10;
const labelHeight = 12;

/**
 * A grammar as railway diagrams, one under the other: a text is in the language if a train can say it. Shares
 * stand at the alternatives of weighted choices.
 */
export function grammarSvg(syntax: GrammarSyntax): string {
  const { root, rules } = syntax;
  const inOrder = [rules[root]!, ...rules.filter((_, i) => i !== root)];
  let y = 0;
  let width = 0;
  const drawn = inOrder.map((rule) => {
    const box = boxOf(rule.body, syntax);
    const at = y + 24 + box.up;
    y = at + box.down + 20;
    width = Math.max(width, box.width + 60, rule.name.length * characterWidth + 40);
    return [
      `<text class="name" x="10" y="${at - box.up - 8}">${escaped(rule.name)}</text>`,
      `<circle cx="14" cy="${at}" r="4"/>`,
      line(18, at, 30, at),
      box.draw(30, at),
      line(30 + box.width, at, 42 + box.width, at),
      `<circle cx="${46 + box.width}" cy="${at}" r="4"/>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${Math.ceil(y)}" role="img">`,
    '<style>text{font:12px ui-monospace,monospace;fill:#222}.name{font-weight:bold}.note{font-size:10px;fill:#777}',
    'path,rect{fill:none;stroke:#444;stroke-width:1.3}rect{fill:#fff}.said{fill:#eef3ea}circle{fill:#444}</style>',
    '<rect x="0" y="0" width="100%" height="100%" style="stroke:none"/>',
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function boxOf(expression: GrammarExpression, syntax: GrammarSyntax): Box {
  switch (expression.kind) {
    case 'sequence':
      return sequence(expression.parts.map((part) => boxOf(part, syntax)));
    case 'choice': {
      const { weights } = expression;
      const isWeighted = weights.some((weight) => weight !== weights[0]);
      const notes = isWeighted ? sharesOf(weights) : weights.map(() => '');
      return choice(
        expression.parts.map((part) => boxOf(part, syntax)),
        notes,
      );
    }
    case 'repeat': {
      const part = boxOf(expression.part, syntax);
      const times = timesOf(expression);
      if (times === '?') return choice([sequence([]), part], ['', '']);
      return expression.least === 0
        ? choice([sequence([]), loop(part, times)], ['', ''])
        : loop(part, times);
    }
    default:
      return label(notationOf(expression, syntax), expression.kind !== 'rule');
  }
}

function label(text: string, isSaid: boolean): Box {
  const shown = text.length > 60 ? `${text.slice(0, 58)}…` : text;
  const width = Array.from(shown).length * characterWidth + 16;
  return {
    width,
    up: half,
    down: half,
    draw: (x, y) =>
      `<rect${isSaid ? ' class="said"' : ''} x="${x}" y="${y - half}" width="${width}" height="${2 * half}" rx="${isSaid ? half : 2}"/>` +
      `<text x="${x + 8}" y="${y + 4}">${escaped(shown)}</text>`,
  };
}

function sequence(parts: readonly Box[]): Box {
  const gaps = Math.max(0, parts.length - 1) * gap;
  return {
    width: parts.reduce((sum, { width }) => sum + width, 0) + gaps + (parts.length === 0 ? gap : 0),
    up: Math.max(0, ...parts.map(({ up }) => up)),
    down: Math.max(0, ...parts.map(({ down }) => down)),
    draw(x, y) {
      if (parts.length === 0) return line(x, y, x + gap, y);
      let at = x;
      return parts
        .map((part, i) => {
          const before = i === 0 ? '' : line(at, y, at + gap, y);
          at += i === 0 ? 0 : gap;
          const drawn = before + part.draw(at, y);
          at += part.width;
          return drawn;
        })
        .join('');
    },
  };
}

/** The first alternative on the track, the others below it. */
function choice(parts: readonly Box[], notes: readonly string[]): Box {
  const noteWidth = Math.max(0, ...notes.map((note) => note.length * 6 + (note === '' ? 0 : 6)));
  const inner = Math.max(...parts.map(({ width }) => width)) + noteWidth;
  const offsets: number[] = [];
  parts.forEach((part, i) => {
    const above = i === 0 ? 0 : offsets[i - 1]! + parts[i - 1]!.down + 8 + part.up;
    offsets.push(above);
  });
  return {
    width: inner + 4 * turn,
    up: parts[0]!.up,
    down: offsets.at(-1)! + parts.at(-1)!.down,
    draw(x, y) {
      const right = x + inner + 4 * turn;
      return parts
        .map((part, i) => {
          const at = y + offsets[i]!;
          const from = x + 2 * turn + noteWidth;
          return [
            bend(x, y, x + 2 * turn, at),
            line(x + 2 * turn, at, from, at),
            notes[i] === ''
              ? ''
              : `<text class="note" x="${x + 2 * turn + 2}" y="${at - 3}">${notes[i]}</text>`,
            part.draw(from, at),
            line(from + part.width, at, right - 2 * turn, at),
            bend(right - 2 * turn, at, right, y),
          ].join('');
        })
        .join('');
    },
  };
}

/** The way back runs below, with how often. */
function loop(part: Box, times: string): Box {
  const note = times === '*' || times === '+' ? '' : times;
  const inner = Math.max(part.width, note.length * 6 + 8);
  const depth = part.down + 14;
  return {
    width: inner + 2 * turn,
    up: part.up,
    down: depth + (note === '' ? 2 : labelHeight),
    draw(x, y) {
      const from = x + turn;
      const to = from + inner;
      return [
        line(x, y, from, y),
        part.draw(from, y),
        line(from + part.width, y, to + turn, y),
        `<path d="M${to} ${y}q${turn} 0 ${turn} ${turn}v${depth - 2 * turn}q0 ${turn} ${-turn} ${turn}H${from}q${-turn} 0 ${-turn} ${-turn}v${2 * turn - depth}q0 ${-turn} ${turn} ${-turn}"/>`,
        `<text class="note" x="${from + 4}" y="${y + depth + labelHeight - 2}">${escaped(note)}</text>`,
      ].join('');
    },
  };
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path d="M${x1} ${y1}L${x2} ${y2}"/>`;
}

function bend(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (x1 + x2) / 2;
  return `<path d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
