import { countIn } from './keywords.ts';
import { countText, mostRepetitions } from './pattern.ts';
import { type Pointer, refuseAt } from './refuse-keyword.ts';
import type { Rules } from './rules.ts';
import { type Schema, type SchemaObject, schemaIn } from './schema.ts';
import { jsonLiteral } from './string-grammar.ts';

/** Orders of different values that are listed one by one. */
const mostOrders = 500;
const comma = 'space "," space';

/** What the items of an array are: the first ones each, and the others. */
interface Items {
  readonly first: readonly Schema[];
  /** Undefined: any, where any are asked for. */
  readonly others: Schema | undefined;
}

/** The grammar of an array. */
export function arrayGrammar(schema: SchemaObject, at: Pointer, rules: Rules): string {
  const least = countIn(schema, 'minItems', 0, at);
  const most = countIn(schema, 'maxItems', Number.POSITIVE_INFINITY, at);
  if (least > most) refuseAt(at, '"minItems" is more than "maxItems"');
  if (least > mostRepetitions)
    refuseAt(at, `"minItems" is ${least}; up to ${mostRepetitions} can be kept`);
  const items = itemsOf(schema, at, rules);
  if (schema.uniqueItems === true && most > 1) {
    const orders = ordersOf(items, { least, most });
    if (!orders) return refuseAt(at, '"uniqueItems" cannot be kept');
    return `(${orders.join(' | ')})`;
  }
  return itemsGrammar(items, { least, most, at }, rules);
}

function itemsOf(schema: SchemaObject, at: Pointer, rules: Rules): Items {
  const { items, prefixItems, additionalItems } = schema;
  const isList = Array.isArray(items); // before draft 2020-12
  const listed = prefixItems ?? (isList ? items : []);
  if (!Array.isArray(listed)) refuseAt(at, '"prefixItems" is no list');
  const keyword = isList ? 'items' : 'prefixItems';
  const others = isList ? additionalItems : items;
  const all = (listed as unknown[]).map((one, i) => schemaIn(one, `${at}/${keyword}/${i}`));
  const end = all.findIndex((one, i) => rules.isNothing(one, `${at}/${keyword}/${i}`));
  return {
    first: end < 0 ? all : all.slice(0, end),
    others: end >= 0 ? false : others === undefined ? undefined : schemaIn(others, `${at}/items`),
  };
}

function itemsGrammar(
  { first, others }: Items,
  { least, most, at }: { readonly least: number; readonly most: number; readonly at: Pointer },
  rules: Rules,
): string {
  const named = first.slice(0, Math.min(first.length, most));
  const isClosed = others !== undefined && rules.isNothing(others, `${at}/items`);
  const isFree = others === undefined && (named.length === 0 || least > named.length);
  const most2 = most - named.length;
  const hasOthers = !isClosed && (others !== undefined || isFree) && most2 > 0;
  if (!hasOthers && least > named.length) refuseAt(at, 'no array is as long as "minItems" wants');
  const other = hasOthers ? rules.of(others ?? true, `${at}/items`) : '';
  const left = Math.max(0, least - named.length);
  if (named.length === 0) {
    if (!hasOthers) return '"[" space "]"';
    const more = `${other} (${comma} ${other})${countText(Math.max(0, left - 1), most2 - 1)}`;
    return `"[" space ${left === 0 ? `(${more})?` : more} space "]"`;
  }
  let rest = hasOthers ? `(${comma} ${other})${countText(left, most2)}` : '';
  for (let i = named.length - 1; i >= 0; i--) {
    const item = rules.of(named[i]!, `${at}/prefixItems/${i}`);
    const body = `${i > 0 ? `${comma} ` : ''}${item} ${rest}`;
    const isOptional = i >= least;
    rest = rules.add('rest', isOptional ? `(${body})?` : body);
  }
  return `"[" space ${rest} space "]"`;
}

/** Every order of so many different values, where the items are values that are listed. */
function ordersOf(
  { first, others }: Items,
  { least, most }: { readonly least: number; readonly most: number },
): string[] | undefined {
  if (first.length > 0 || typeof others !== 'object' || !Array.isArray(others.enum))
    return undefined;
  if (Object.keys(others).some((key) => key !== 'enum')) return undefined;
  const values = [...new Set(others.enum.map((value) => jsonLiteral(value)))];
  const found: string[] = [];
  let orders: string[][] = [[]];
  for (let length = 0; length <= Math.min(most, values.length); length++) {
    if (found.length + orders.length > mostOrders) return undefined;
    if (length >= least)
      found.push(...orders.map((order) => `"[" space ${order.join(` ${comma} `)} space "]"`));
    orders = orders.flatMap((order) =>
      values.filter((value) => !order.includes(value)).map((value) => [...order, value]),
    );
  }
  return found.length > 0 ? found : undefined;
}
