import { readFileSync } from 'node:fs';

interface PublicTemplates {
  /** A question, its answer and another question, which are in every row. */
  readonly turns: readonly string[];
  readonly templates: readonly {
    readonly name: string;
    /** In hex, of the Jinja template as UTF-8. */
    readonly sha256: string;
    /** What the template writes of a chat of two turns, with what a reply begins with. */
    readonly twoTurns: string;
  }[];
}

let listed: PublicTemplates | undefined;

/** The table that bench/public-templates.py makes, from `src/prompt` as from `dist/prompt`. */
function read(): PublicTemplates {
  const path = new URL('../../models/templates.json', import.meta.url);
  listed ??= JSON.parse(readFileSync(path, 'utf8')) as PublicTemplates;
  return listed;
}

let bySha256: ReadonlyMap<string, string> | undefined;

/** Public chat templates: sha256 in hex → a talk of two turns as each writes it. */
export function publicTemplates(): ReadonlyMap<string, string> {
  bySha256 ??= new Map(read().templates.map(({ sha256, twoTurns }) => [sha256, twoTurns]));
  return bySha256;
}

/** The question, the answer and the other question that the talks are made of. */
export function publicTurns(): readonly string[] {
  return read().turns;
}
