import { literalPattern } from '../play/literal.ts';
import { sha256 } from '../store/sha256.ts';
import { publicTemplates, publicTurns } from './public-templates.ts';
import { holes, templateOutline } from './template-outline.ts';
import { type ChatTemplate, type Piece, templates } from './templates.ts';

/** Names of who speaks, where a family writes them as text. */
const roles = ['system', 'user', 'assistant', 'model', 'developer'];
const hole = `[${Object.values(holes).join('')}]`;
/** What may lie between the parts of a frame: statements, and what else is put in. */
const gap = `[${holes.statement}${holes.other}]*`;

/** What a template is known by: the family, and how a reply begins where the model thinks before it speaks. */
export interface Recognised {
  readonly template: ChatTemplate;
  /** Control tokens that the vocabulary must have. */
  readonly needs: readonly string[];
}

/** Families by the text of a model's template: it is asked for with every prompt. */
const known = new Map<string, readonly Recognised[]>();
const mostKnown = 64;

/**
 * The families that a model's own Jinja template may be of; none if what it writes is not known. One of the public
 * templates that models/templates.json lists is known by its hash; any other by what it writes around a message. Nothing
 * of it is run, and texts that it only mentions do not count.
 */
export function recogniseTemplate(jinja: string): readonly Recognised[] {
  const before = known.get(jinja);
  if (before) return before;
  if (known.size >= mostKnown) known.clear();
  const listed = publicTemplates().get(sha256(jinja));
  const outlined = familiesByOutline(jinja);
  const found = listed === undefined ? outlined : preferred(familiesByTurns(listed), outlined);
  const recognised = found.map((template) => ({ template, needs: tokensIn(template) }));
  known.set(jinja, recognised);
  return recognised;
}

/** Families that write a talk alike, such as with and without a system role: those first that the outline finds, too. */
function preferred(
  families: readonly ChatTemplate[],
  outlined: readonly ChatTemplate[],
): readonly ChatTemplate[] {
  const isOutlined = ({ id }: ChatTemplate): boolean => outlined.some((one) => one.id === id);
  return [...families].sort((a, b) => Number(isOutlined(b)) - Number(isOutlined(a)));
}

/** The families that have a system role, without it. */
const silent = templates.flatMap((one) => (one.system ? [{ ...one, system: null }] : []));

/** The families by what a template of their own writes around a message. */
function familiesByOutline(jinja: string): readonly ChatTemplate[] {
  const outline = templateOutline(jinja);
  const written = templates.filter((template) => writes(outline, template));
  // A template that leaves out what the system says is of its family all the same.
  const found = written.length > 0 ? written : silent.filter((one) => writes(outline, one));
  return found.flatMap((template) => withThought(template, outline) ?? []);
}

/** The families by a talk of two turns as the template writes it, with its own empty thoughts; none if none fits. */
export function familiesByTurns(twoTurns: string): readonly ChatTemplate[] {
  const [first, answer, second] = publicTurns().map(literalPattern);
  return templates.flatMap((template): ChatTemplate[] => {
    const { visitor, character, open } = template;
    const [before, after] = [literalOf(visitor.before), literalOf(visitor.after)];
    const ends = character.after.map(endLiteral).join('');
    const found = new RegExp(
      `${before}${first}${after}${literalOf(character.before)}([^${answer![0]}]*)${answer}${ends}${before}${second}${after}([\\s\\S]*)$`,
    ).exec(twoTurns);
    const [, thoughtBefore, reply] = found ?? [];
    if (reply === undefined || reply.length > longestReply) return [];
    const opening = open.map(textOf).join('');
    return [
      {
        ...template,
        character: { ...character, before: [...character.before, ...piecesIn(thoughtBefore!)] },
        // A model that is to choose how it begins is told: it speaks.
        open: opening.startsWith(reply) ? open : closedThought(piecesIn(reply)),
      },
    ];
  });
}

/** Characters that a reply may be begun with: more are instructions. */
const longestReply = 100;

const literalOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => literalPattern(textOf(piece))).join('');

/** A token that ends a message may be the one that ends a text. */
const endLiteral = (piece: Piece): string =>
  typeof piece === 'string' ? literalOf([piece]) : `(?:${literalOf([piece])}|<EOS>)`;

/** A text with the markers in it as tokens. */
function piecesIn(text: string): Piece[] {
  return text
    .split(/(<[^<>\s]+>)/)
    .filter((part) => part !== '')
    .map((part) => (/^<[^<>\s]+>$/.test(part) ? { token: part } : part));
}

/** A thought that is opened and never closed is closed at once. */
function closedThought(pieces: Piece[]): Piece[] {
  const at = pieces.findIndex((piece) => textOf(piece) === thought.open);
  if (at < 0 || pieces.some((piece) => textOf(piece) === thought.close)) return pieces;
  const inner = pieces
    .slice(at + 1)
    .map(textOf)
    .join('');
  return [...pieces.slice(0, at), ...piecesOf({ ...nothingThought, ...closedAtOnce({ inner }) })];
}

/** Whether a template writes messages of visitors as a family has them, and opens none in another way. */
function writes(outline: string, family: ChatTemplate): boolean {
  const { head = [], visitor, character, open, system } = family;
  const opener = withRoles(literalPattern(textOf(visitor.before[0]!)));
  const other = character.before[0] ?? visitor.before[0]!;
  const apart = `(?:(?!${opener}|${withRoles(literalPattern(textOf(other)))})[\\s\\S]){0,3000}?`;
  const message = `${patternOf(visitor.before)}${gap}[${holes.content}${holes.other}]${apart}(?<=${hole})${endsOf(visitor.after)}`;
  const [end] = character.after;
  const wanted = [
    ...(head.length > 0 ? [patternOf(head)] : []),
    message,
    patternOf(open),
    ...(end === undefined ? [] : [endPattern(end)]),
    ...(system ? [patternOf(system.before)] : []),
  ];
  if (!wanted.every((pattern) => new RegExp(pattern).test(outline))) return false;
  return !opensOtherwise(outline, family) && !repliesOtherwise(outline, family);
}

/** Whether somebody's message is opened with the same token and then written in another way: that is another family. */
function opensOtherwise(outline: string, { visitor, character }: ChatTemplate): boolean {
  const first = visitor.before[0]!;
  if (!roles.includes(textOf(visitor.before[1] ?? ''))) return false;
  const spoken = `${literalPattern(textOf(first))}${gap}(?:${roles.join('|')}|${holes.role})`;
  const own = [visitor, character]
    .filter(({ before }) => before[0] !== undefined && textOf(before[0]) === textOf(first))
    .map(({ before }) => `${spoken}${gap}${patternOf(before.slice(2))}`);
  const count = (pattern: string): number => [...outline.matchAll(new RegExp(pattern, 'g'))].length;
  return count(spoken) !== count(own.join('|'));
}

/** Whether a reply begins with text that is neither the speaker's nor a thought. */
function repliesOtherwise(outline: string, { open }: ChatTemplate): boolean {
  if (open.length === 0) return false;
  const begins = open.map((piece) => literalPattern(textOf(piece))).join(gap);
  const all = outline.matchAll(new RegExp(`${begins}${gap}(?=([\\s\\S]{0,12}))`, 'g'));
  const allowed = [hole, '\\s', literalPattern(thought.open), literalPattern(thought.close)];
  return !new RegExp(`^(?:$|${allowed.join('|')})`).test([...all].at(-1)?.[1] ?? '');
}

const textOf = (piece: Piece): string => (typeof piece === 'string' ? piece : piece.token);

/** Pieces as a pattern of an outline: a role may be put in, statements may stand between. */
function patternOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => withRoles(literalPattern(textOf(piece)))).join(gap);
}

/** What ends a message, of which a token may be the one that ends a text. */
function endsOf(pieces: readonly Piece[]): string {
  const each = pieces.map((piece) =>
    typeof piece === 'string' ? patternOf([piece]) : endPattern(piece),
  );
  return each.join(gap);
}

const withRoles = (pattern: string): string =>
  pattern.replace(new RegExp(roles.join('|'), 'g'), (role) => `(?:${role}|${hole})`);

/** What ends a text may be written by the name that all templates have for it. */
function endPattern(piece: Piece): string {
  const text = textOf(piece);
  return `(?:${withRoles(literalPattern(text))}|${holes.end})`;
}

/** Where a thought begins and ends, as models that think write it. */
const thought = { open: '<think>', close: '</think>' };

/**
 * A family whose replies begin as the template has it with thinking switched off: an empty thought, in its own spelling. One
 * that is opened and never closed, as by models that always think, is closed at once. Undefined for a template that writes
 * thoughts in a way that is not known.
 */
function withThought(template: ChatTemplate, outline: string): ChatTemplate | undefined {
  const closes = outline.includes(thought.close);
  if (template.open.length === 0) return closes ? undefined : template;
  const found = thoughtsAfter(outline, template.open);
  const empty = found.findLast(({ isClosed }) => isClosed);
  const opened = found.findLast(({ isOpened, isClosed }) => isOpened && !isClosed);
  const pieces = empty
    ? piecesOf(empty)
    : opened && piecesOf({ ...opened, ...closedAtOnce(opened) });
  if (!pieces) return closes ? undefined : template;
  const before = thoughtsAfter(outline, template.character.before).find(
    ({ isOpened, isClosed, isSpoken }) => isOpened && isClosed && isSpoken,
  );
  const isTight = empty !== undefined && empty.inner === '';
  if (isTight && !before) return undefined;
  const { character } = template;
  return {
    ...template,
    ...(before && {
      character: { ...character, before: [...character.before, ...piecesOf(before)] },
    }),
    open: [...template.open, ...pieces],
  };
}

/** A thought without a word in it, as a template writes it. */
interface EmptyThought {
  readonly isOpened: boolean;
  readonly inner: string;
  readonly isClosed: boolean;
  readonly rest: string;
  /** Whether the words of the speaker follow. */
  readonly isSpoken: boolean;
}

/** The empty thoughts that stand behind what opens a reply. */
function thoughtsAfter(outline: string, opening: readonly Piece[]): EmptyThought[] {
  const { statement, content } = holes;
  const pattern = new RegExp(
    `${patternOf(opening)}${gap}(${thought.open})?([\\s${statement}]*)(${thought.close})?(\\s*)(${gap}${content})?`,
    'g',
  );
  return [...outline.matchAll(pattern)].map(([, open, inner = '', close, rest = '', spoken]) => ({
    isOpened: open !== undefined,
    inner: inner.replaceAll(statement, ''),
    isClosed: close !== undefined,
    rest,
    isSpoken: spoken !== undefined,
  }));
}

const nothingThought: EmptyThought = {
  isOpened: true,
  inner: '',
  isClosed: false,
  rest: '',
  isSpoken: false,
};

const closedAtOnce = ({
  inner,
}: Pick<EmptyThought, 'inner'>): Pick<EmptyThought, 'inner' | 'isClosed' | 'rest'> => ({
  inner: `${inner === '' ? '\n' : inner}\n`,
  isClosed: true,
  rest: '\n\n',
});

const piecesOf = ({ isOpened, inner, isClosed, rest }: EmptyThought): Piece[] =>
  [
    ...(isOpened ? [{ token: thought.open }, inner] : []),
    ...(isClosed ? [{ token: thought.close }, rest] : []),
  ].filter((piece) => piece !== '');

function tokensIn({ head = [], system, visitor, character, open }: ChatTemplate): string[] {
  const frames = [visitor, character, ...(system ? [system] : [])];
  const inFrames = frames.flatMap(({ before, after }) => [...before, ...after]);
  const pieces = [...head, ...inFrames, ...open];
  const names = pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.token]));
  return [...new Set(names)].filter((name) => name !== thought.open && name !== thought.close);
}
