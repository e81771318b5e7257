/**
 * The 1-based line that each value of a JSON text begins on, by its path: "relations[2].person".
 *
 * @param text Must be valid: `JSON.parse` has read it.
 */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)];
  let at = 0;
  let [line, counted] = [1, 0];
  const value = (path: string): void => {
    const { 0: token, index } = tokens[at++]!;
    line += text.slice(counted, index).split('\n').length - 1;
    counted = index;
    lines.set(path, line);
    if (token === '{') members(path, '}');
    if (token === '[') members(path, ']');
  };
  const members = (path: string, end: '}' | ']'): void => {
    for (let i = 0; tokens[at]![0] !== end; i++) {
      if (end === ']') value(`${path}[${i}]`);
      else {
        const key = JSON.parse(tokens[at]![0]) as string;
        at += 2; // the key and its colon
        value(path === '' ? key : `${path}.${key}`);
      }
      if (tokens[at]![0] === ',') at++;
    }
    at++;
  };
  value('');
  return lines;
}
