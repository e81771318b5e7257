import { byteGrammar, weighText } from '../../engine/grammar-syntax.ts';
import { freshSeed } from '../../engine/sampling.ts';
import { prng } from '../../measure/statistics/prng.ts';
import { grammarSvg } from '../../steer/grammar/grammar-svg.ts';
import { grammarTextPicture } from '../../steer/grammar/grammar-text-picture.ts';
import { GrammarSampler } from '../../steer/grammar/sample-grammar.ts';
import { readGrammar } from '../options/read-grammar.ts';
import { output } from '../terminal/output.ts';

export async function runCheck(file: string, json: boolean | undefined): Promise<void> {
  const { syntax } = await readGrammar(file);
  const found = {
    rules: syntax.rules.length,
    words: syntax.entries.filter(({ banned }) => !banned).length,
    banned: syntax.entries.filter(({ banned }) => banned).length,
    classes: syntax.classes.length,
  };
  if (json) output.jsonLine(found);
  else
    output.line(
      `${found.rules} rules, ${found.words} words weighed, ${found.classes} classes, ${found.banned} banned`,
    );
}

export async function runExplain(
  file: string,
  { json, svg }: { readonly json: boolean | undefined; readonly svg: boolean | undefined },
): Promise<void> {
  const { syntax } = await readGrammar(file);
  if (json) output.json(syntax);
  else if (svg) output.file(grammarSvg(syntax));
  else output.line(grammarTextPicture(syntax));
}

export async function runSample(
  file: string,
  {
    n,
    seed = freshSeed(),
    json,
  }: { readonly n: number; readonly seed?: number | undefined; readonly json: boolean | undefined },
): Promise<void> {
  const { text } = await readGrammar(file);
  const sampler = new GrammarSampler(text, prng(seed));
  const drawn = Array.from({ length: n }, () => sampler.draw());
  if (!json) return void output.text(drawn.map((one) => `${one}\n`).join(''));
  const grammar = byteGrammar(text);
  const rows = drawn.map((one) => ({ text: one, nats: weighText(grammar, one) }));
  output.json(rows);
}

export async function runSchema(file: string): Promise<void> {
  const { text } = await readGrammar(file);
  output.file(text);
}
