import { anyCharacter, characterOf, one, type Ranges, union, without } from './characters.ts';
import { countIn } from './keywords.ts';
import { type Pointer, refuseAt } from './refuse-keyword.ts';
import type { Rules } from './rules.ts';
import { pointerPart, type Schema, type SchemaObject, schemaIn } from './schema.ts';
import { jsonLiteral } from './string-grammar.ts';

const comma = 'space "," space';

/** A property with the grammar of its name and value. */
interface Property {
  readonly name: string;
  readonly pair: string;
  readonly isRequired: boolean;
}

/**
 * The grammar of an object: its properties in the order in which the schema names them, then others if
 * "additionalProperties" asks for them or no property is named.
 */
export function objectGrammar(schema: SchemaObject, at: Pointer, rules: Rules): string {
  const properties = propertiesOf(schema, at, rules);
  const extra = extraOf(schema, properties, at, rules);
  checkCounts(schema, { properties, hasExtra: extra !== undefined }, at);
  const body = pairsGrammar(properties, extra, rules);
  return body === '' ? '"{" space "}"' : `"{" space ${body} space "}"`;
}

function propertiesOf(schema: SchemaObject, at: Pointer, rules: Rules): Property[] {
  const { properties = {}, required = [], additionalProperties: others } = schema;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
    refuseAt(at, '"properties" is no object');
  if (!Array.isArray(required)) refuseAt(at, '"required" is no list');
  const wanted = new Set((required as unknown[]).map(String));
  const named: [string, Schema, Pointer][] = Object.entries(properties as SchemaObject).map(
    ([name, value]) => {
      const place = `${at}/properties/${pointerPart(name)}`;
      return [name, schemaIn(value, place), place];
    },
  );
  for (const name of wanted)
    if (!Object.hasOwn(properties as object, name))
      named.push([
        name,
        others === undefined ? true : schemaIn(others, `${at}/additionalProperties`),
        `${at}/additionalProperties`,
      ]);
  return named.flatMap(([name, value, place]): Property[] => {
    const isRequired = wanted.has(name);
    if (rules.isNothing(value, place)) {
      if (isRequired) refuseAt(at, `"${name}" is required, and no value of it is allowed`);
      return [];
    }
    const pair = `${jsonLiteral(name)} space ":" space ${rules.of(value, place)}`;
    return [{ name, pair, isRequired }];
  });
}

/** A pair of a name that is not among the properties; undefined where there are to be none. */
function extraOf(
  { properties, additionalProperties: others }: SchemaObject,
  named: readonly Property[],
  at: Pointer,
  rules: Rules,
): string | undefined {
  const place = `${at}/additionalProperties`;
  const isFree = others === undefined && properties === undefined && named.length === 0;
  if (others === undefined && !isFree) return undefined;
  const schema = others === undefined ? true : schemaIn(others, place);
  if (rules.isNothing(schema, place)) return undefined;
  const forbidden = [...named.map(({ name }) => name), ...Object.keys(properties ?? {})];
  return `"\\"" ${otherName(forbidden, rules)} "\\"" space ":" space ${rules.of(schema, place)}`;
}

function checkCounts(
  schema: SchemaObject,
  {
    properties,
    hasExtra,
  }: { readonly properties: readonly Property[]; readonly hasExtra: boolean },
  at: Pointer,
): void {
  const least = countIn(schema, 'minProperties', 0, at);
  const most = countIn(schema, 'maxProperties', Number.POSITIVE_INFINITY, at);
  const required = properties.filter(({ isRequired }) => isRequired).length;
  if (least > required)
    refuseAt(at, '"minProperties" cannot be kept beside so few that are required');
  if (most < (hasExtra ? Number.POSITIVE_INFINITY : properties.length))
    refuseAt(at, '"maxProperties" cannot be kept beside so many that are allowed');
}

/**
 * Pairs with commas between them. The first pair has no comma before it: up to the first that is required there is a rule
 * for "nothing yet" and one for "something before"; after it all is one row.
 */
function pairsGrammar(
  properties: readonly Property[],
  extra: string | undefined,
  rules: Rules,
): string {
  const firstRequired = properties.findIndex(({ isRequired }) => isRequired);
  const turn = firstRequired < 0 ? properties.length : firstRequired + 1;
  const row = properties
    .slice(turn)
    .map(({ pair, isRequired }) => (isRequired ? `${comma} ${pair}` : `(${comma} ${pair})?`));
  if (extra !== undefined) row.push(`(${comma} ${extra})*`);
  let more = row.length === 0 ? '' : rules.add('more', row.join(' '));
  let first =
    extra !== undefined && firstRequired < 0 ? rules.add('pairs', `(${extra} ${more})?`) : '';
  let canBeEmpty = firstRequired < 0;
  for (let i = turn - 1; i >= 0; i--) {
    const { pair, isRequired } = properties[i]!;
    const own = `${pair} ${more}`;
    const skip = isRequired ? undefined : first;
    const isLast = skip === '' && canBeEmpty;
    first = rules.add(
      'pairs',
      skip === undefined ? own : isLast ? `(${own})?` : `${own} | ${skip}`,
    );
    canBeEmpty = canBeEmpty && !isRequired;
    if (i > 0)
      more = rules.add('more', isRequired ? `${comma} ${own}` : `(${comma} ${pair})? ${more}`);
  }
  return first;
}

/** What a name may hold without escapes. */
const plainCharacters = without(anyCharacter, union([[0, 0x1f]], one(0x22), one(0x5c), one(0x7f)));

interface Branch {
  isName: boolean;
  readonly next: Map<number, Branch>;
}

/** Rule of a name that is none of those given. */
function otherName(names: readonly string[], rules: Rules): string {
  const root: Branch = { isName: false, next: new Map() };
  for (const name of names) {
    let at = root;
    for (const letter of name) {
      const codePoint = letter.codePointAt(0)!;
      const next = at.next.get(codePoint) ?? { isName: false, next: new Map() };
      at.next.set(codePoint, next);
      at = next;
    }
    at.isName = true;
  }
  const any = rules.shared('name-char', () => setOf(plainCharacters));
  // From the ends to the root, without a call for each letter of a long name.
  const order: Branch[] = [root];
  for (const branch of order) order.push(...branch.next.values());
  const written = new Map<Branch, string>();
  for (const branch of order.reverse()) {
    const listed = [...branch.next].filter(([codePoint]) => isPlain(codePoint));
    const others = without(plainCharacters, union(...listed.map(([codePoint]) => one(codePoint))));
    const parts = [
      ...(branch.isName ? [] : ['""']),
      `${setOf(others)} ${any}{0,60}`,
      ...listed.map(([codePoint, next]) => `${setOf(one(codePoint))} ${written.get(next)}`),
    ];
    written.set(branch, rules.add('other-name', parts.join(' | ')));
  }
  return written.get(root)!;
}

const isPlain = (codePoint: number): boolean =>
  plainCharacters.some(([low, high]) => codePoint >= low && codePoint <= high);
const setOf = (set: Ranges): string => characterOf(set)!;
