import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Model } from '../model.ts';

/** A grammar to measure, with texts of it to follow besides those drawn at random. */
export interface BenchGrammar {
  readonly name: string;
  readonly text: string;
  readonly texts: readonly string[];
}

/** Microseconds of one thread for each token: said, and the mask after it made and put on the logits. */
interface Quantiles {
  readonly p50: number;
  readonly mean: number;
  readonly p99: number;
}

export interface GrammarSpeedRow {
  readonly grammar: string;
  readonly vocabulary: number;
  readonly states: number;
  readonly compile_us: number;
  readonly ours_us: Quantiles;
  readonly stock_us: Quantiles;
  /** Whether both allowed the same tokens in every state. */
  readonly identical: boolean;
  readonly difference?: string;
}

/** The grammar of llama.cpp's grammars/json.gbnf. */
const json = `root   ::= object
value  ::= object | array | string | number | ("true" | "false" | "null") ws
object ::= "{" ws ( string ":" ws value ("," ws string ":" ws value)* )? "}" ws
array  ::= "[" ws ( value ("," ws value)* )? "]" ws
string ::= "\\"" ( [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\bfnrt] | "u" [0-9a-fA-F]{4}) )* "\\"" ws
number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws
ws     ::= | " " | "\\n" [ \\t]{0,20}
`;

const dialogue = `root    ::= line+
line    ::= speaker ": " speech "\\n"
speaker ::= "HAMLET" | "HORATIO" | "OPHELIA" | "GERTRUDE" | "CLAUDIUS"
speech  ::= aside? [^\\n]+
aside   ::= "[" [a-z ]+ "] "
`;

const sentences = `root     ::= sentence (" " sentence)*
sentence ::= [A-Z] [a-z']* (" " word | ", " word)* [.!?]
word     ::= [a-z]+ ("'" [a-z]+)?
`;

/** Built in; other grammars are given as files. Texts are invented: what a model would say, cut as it cuts. */
const builtIn: readonly BenchGrammar[] = [
  {
    name: 'dialogue',
    text: dialogue,
    texts: [
      'HAMLET: [aside] The clock has stopped, and no one in this house will wind it.\nOPHELIA: Then let it rest.\n',
      'HORATIO: I saw a light upon the eastern wall, my lord, and then I saw it go.\nHAMLET: Which way?\n',
    ],
  },
  {
    name: 'json',
    text: json,
    texts: [
      '{"name": "Rosalind", "lines": 685, "friends": ["Celia", "Touchstone"], "exile": true, "age": null}',
      '{"scene": {"act": 3, "scene": 1, "place": "A room in the castle"}, "props": [{"kind": "skull", "weight": 0.75}, []]}',
    ],
  },
  {
    name: 'sentences',
    text: sentences,
    texts: [
      "I know not, sir, what he would have of me. 'tis late.",
      'The wind has turned, and all the ships are gone. Who goes there?',
    ].map((text) => text.replace("'tis", 'It is')),
  },
];

export async function benchGrammars(files: readonly string[]): Promise<BenchGrammar[]> {
  const given = files.map(async (file) => ({
    name: basename(file),
    text: await readFile(file, 'utf8'),
    texts: [],
  }));
  return files.length > 0 ? await Promise.all(given) : [...builtIn];
}

/** Follows the texts of a grammar and others drawn at random, ours and llama.cpp's sampler side by side. */
export async function measureGrammar(
  model: Model,
  { name, text, texts }: BenchGrammar,
): Promise<GrammarSpeedRow> {
  const seeds = texts.length > 0 ? 1 : 4;
  const found = await model.compareGrammar(text, { texts, seeds, tokens: 40 });
  return {
    grammar: name,
    vocabulary: model.info.vocabulary,
    states: found.states,
    compile_us: found.oursCompileUs,
    ours_us: quantiles(found.oursUs),
    stock_us: quantiles(found.stockUs),
    identical: found.onlyOurs === 0 && found.onlyStock === 0,
    ...(found.firstDifference !== '' && { difference: found.firstDifference }),
  };
}

function quantiles(values: Float32Array): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return { p50: at(0.5), mean: sum / sorted.length, p99: at(0.99) };
}
