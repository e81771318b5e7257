import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { results } from '../record.ts';
import type { AnsweredAsk } from './talk-answers.ts';
import type { Ask } from './talk-asks.ts';
import { saidAgain } from './talk-faults.ts';

/** What was thought of a talk by who read it, and which talk that was. */
interface Judgement {
  readonly talk: string;
  readonly words: string;
}

const judgements = new URL('../../../bench/talk/judgements.json', import.meta.url);

/** A talk as a page to read, with its figures and a reader's judgement at its head. */
export function keepTranscript(
  { character, play, lines, seed }: Ask,
  { replies, commit }: AnsweredAsk,
  { model, faults }: { readonly model: string; readonly faults: readonly string[] },
): void {
  const folder = new URL('talks/', results);
  mkdirSync(folder, { recursive: true });
  const name = `${character.replaceAll(' ', '-')}-${model}`;
  const talk = createHash('sha256')
    .update(JSON.stringify(replies.map(({ text }) => text)))
    .digest('hex')
    .slice(0, 12);
  const judged = (JSON.parse(readFileSync(judgements, 'utf8')) as Record<string, Judgement>)[name];
  const judgement = judged?.talk === talk ? judged.words : '(not read yet)';
  const again = saidAgain(replies.map(({ text }) => text));
  const shown = character.replace(/(?:^| )./g, (letter) => letter.toUpperCase());
  const turns = lines.flatMap((line, i) => {
    const loops = again[i]!.map((sentence) => ` *(said before: ${sentence})*`).join('');
    return [`**You:** ${line}`, `**${shown}:** ${replies[i]!.text}${loops}`];
  });
  const head = [
    `# ${shown} (${play}), ${model}`,
    `Talk ${talk}, sources ${commit}, seeds from ${seed}, ${2 * lines.length} turns at chat's defaults.`,
    `Sentences said before: ${again.flat().length}. Answers with a fault: ${faults.length === 0 ? 'none' : faults.join('; ')}.`,
    `Judgement: ${judgement}`,
  ];
  writeFileSync(new URL(`${name}.md`, folder), `${[...head, ...turns].join('\n\n')}\n`);
}
