const day31 = '(0[1-9]|[12][0-9]|3[01])';
const date = `[0-9]{4}-(((0[13578]|1[02])-${day31})|((0[469]|11)-(0[1-9]|[12][0-9]|30))|(02-(0[1-9]|1[0-9]|2[0-8])))`;
const time =
  '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])';
const label = '[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?';
const host = `${label}(\\.${label}){1,4}`;
const byte = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';

/**
 * The formats of JSON Schema that are kept, as patterns whose every text is of the format; some texts of the format are
 * left out: 29 February, addresses with quotes in them.
 *
 * @see JSON Schema validation, draft 2020-12, 7.3; RFC 3339, RFC 5321, RFC 4122.
 */
export const formatPatterns: ReadonlyMap<string, string> = new Map([
  ['date', date],
  ['time', time],
  ['date-time', `${date}T${time}`],
  ['uuid', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'],
  ['ipv4', `${byte}(\\.${byte}){3}`],
  ['hostname', host],
  ['email', `[a-z0-9]([a-z0-9_-]{0,20}[a-z0-9])?(\\.[a-z0-9]{1,20}){0,2}@${host}`],
  ['uri', `https?://${host}(/[a-z0-9_-]{1,20}){0,6}/?`],
]);
