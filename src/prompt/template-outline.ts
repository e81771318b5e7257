/**
 * Letters of Unicode's private use that stand for what a template puts in: the text of a message, its role, anything else;
 * and for a statement, before and after which the text may be another.
 */
export const holes = {
  content: '\uE000',
  role: '\uE001',
  other: '\uE002',
  statement: '\uE003',
  start: '\uE004',
  end: '\uE005',
} as const;

/** Templates are longer by far only to do harm. */
const mostLength = 200_000;

/**
 * What a Jinja template writes, in the order in which it stands there: its own text and texts in quotes, with letters of
 * `holes` for the rest. Branches stand one after another. Nothing of the template is run, and the time grows with its length.
 */
export function templateOutline(template: string): string {
  if (template.length > mostLength) return '';
  let outline = '';
  const text = (some: string): void => {
    outline += some;
  };
  let at = 0;
  let trimsNext: 'all' | 'line' | undefined;
  while (at < template.length) {
    const open = /\{[{%#]/g;
    open.lastIndex = at;
    const found = open.exec(template);
    const until = found?.index ?? template.length;
    const kind = found ? template[until + 1]! : '';
    text(trimmed(template.slice(at, until), trimsNext, trimBefore(template, until, kind)));
    if (!found) break;
    const close = closeOf(template, until + 2, kind);
    const inner = template.slice(until + 2, close).replace(/^[-+]|[-+]$/g, '');
    trimsNext = template[close - 1] === '-' ? 'all' : kind === '{' ? undefined : 'line';
    at = close + 2;
    if (kind === '{') text(written(inner));
    else if (kind === '%') text(statement(inner));
  }
  return outline;
}

/**
 * What is trimmed before a tag. Chat templates are read so that blanks before a statement at the start of a line are none of
 * the text, nor is the line end behind it.
 */
function trimBefore(template: string, at: number, kind: string): 'all' | 'line' | undefined {
  if (template[at + 2] === '-') return 'all';
  return kind === '{' ? undefined : 'line';
}

function trimmed(
  text: string,
  start: 'all' | 'line' | undefined,
  end: 'all' | 'line' | undefined,
): string {
  let left = text;
  if (start === 'all') left = left.trimStart();
  else if (start === 'line') left = left.replace(/^\r?\n/, '');
  if (end === 'all') return left.trimEnd();
  if (end !== 'line') return left;
  const lineStart = left.lastIndexOf('\n') + 1;
  return left.slice(lineStart).trim() === '' ? left.slice(0, lineStart) : left;
}

/** Where a tag ends; quotes in it may hold what looks like its end. */
function closeOf(template: string, from: number, kind: string): number {
  const end = kind === '{' ? '}}' : `${kind}}`;
  let quote: string | undefined;
  for (let at = from; at < template.length; at++) {
    const letter = template[at]!;
    if (quote !== undefined) {
      if (letter === '\\') at++;
      else if (letter === quote) quote = undefined;
    } else if (kind !== '#' && (letter === "'" || letter === '"')) quote = letter;
    else if (template.startsWith(end, at)) return at;
  }
  return template.length;
}

/** What a statement puts aside to be written later stands where it is put aside. */
function statement(inner: string): string {
  const [, value] = /^\s*set\s+[\w.]+\s*=([\s\S]*)$/.exec(inner) ?? [];
  const { statement: mark } = holes;
  return value === undefined ? mark : `${mark}${written(value)}${mark}`;
}

const token =
  /\s*(?:('(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*")|([A-Za-z_]\w*)|(\d+)|([\s\S]))/y;

/** An expression's parts in a row. */
function written(expression: string): string {
  const tokens = tokensOf(expression);
  let outline = '';
  let at = 0;
  while (at < tokens.length) {
    const { kind, text } = tokens[at]!;
    at++;
    if (kind === 'text') outline += text;
    else if (kind === 'name') {
      if (text === 'if') {
        at = skipCondition(tokens, at);
        outline += holes.statement;
      } else if (!operators.has(text)) {
        const { name, end } = referenceAt(tokens, at - 1);
        outline += holeOf(name);
        at = end;
      }
    } else if (text === '|') at = skipCall(tokens, at + 1);
  }
  return outline;
}

interface Token {
  readonly kind: 'text' | 'name' | 'sign';
  readonly text: string;
}

const operators = new Set(['else', 'and', 'or', 'not', 'in', 'is']);

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let found = token.exec(expression); found; found = token.exec(expression)) {
    const [, quoted, name, number, sign] = found;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: unquoted(quoted) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (number !== undefined) tokens.push({ kind: 'sign', text: '0' });
    else if (sign !== undefined && sign.trim() !== '') tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
const unquoted = (quoted: string): string =>
  quoted.slice(1, -1).replace(/\\([\s\S])/g, (_, letter: string) => escapes[letter] ?? letter);

/** Such as message['content'] or message.content.strip(): the last name in it that is no call. */
function referenceAt(tokens: readonly Token[], start: number): { name: string; end: number } {
  let name = tokens[start]!.text;
  let at = start + 1;
  for (let next = tokens[at]; next; next = tokens[at]) {
    if (next.text === '.' && next.kind === 'sign') {
      const isCall = tokens[at + 2]?.text === '(';
      if (!isCall) name = tokens[at + 1]?.text ?? name;
      at += 2;
    } else if (next.kind === 'sign' && next.text === '[') {
      const end = closing(tokens, at);
      const key = tokens[at + 1];
      if (key?.kind === 'text' && end === at + 3) name = key.text;
      at = end;
    } else if (next.kind === 'sign' && next.text === '(') at = closing(tokens, at);
    else break;
  }
  return { name, end: at };
}

/** Behind the bracket that closes the one at `at`. */
function closing(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    const { kind, text } = tokens[i]!;
    if (kind !== 'sign') continue;
    if ('([{'.includes(text)) depth++;
    if (')]}'.includes(text) && --depth === 0) return i + 1;
  }
  return tokens.length;
}

/** Behind the condition of "a if condition else b". */
function skipCondition(tokens: readonly Token[], at: number): number {
  for (let i = at; i < tokens.length; i++) {
    const { kind, text } = tokens[i]!;
    if (kind === 'name' && text === 'else') return i;
    if (kind === 'sign' && text === ')') return i;
    if (kind === 'sign' && '(['.includes(text)) i = closing(tokens, i) - 1;
  }
  return tokens.length;
}

const skipCall = (tokens: readonly Token[], at: number): number =>
  tokens[at]?.text === '(' ? closing(tokens, at) : at;

function holeOf(name: string): string {
  if (name === 'bos_token') return holes.start;
  if (name === 'eos_token') return holes.end;
  if (/content/i.test(name)) return holes.content;
  return /role/i.test(name) ? holes.role : holes.other;
}
