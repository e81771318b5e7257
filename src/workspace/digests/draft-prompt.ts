import { type Piece, pieceText } from '../../memory/digests/draft/scene-pieces.ts';
import { displayName, listOf } from '../../play/cast/display-name.ts';
import { isCollective } from '../../play/cast/label.ts';
import { templateOf } from '../../prompt/form.ts';
import { tokensOf } from '../../prompt/piece-tokens.ts';
import type { PromptModel } from '../../prompt/prompt.ts';
import type { Frame, Piece as TemplatePiece } from '../../prompt/templates.ts';

/** Counts up with every change of what a model is asked: drafts of another version are made again. */
export const draftPromptVersion = '1';

/** Sentences that a piece is asked for at most. */
const mostSentences = 4;

const system =
  'You explain scenes of old plays in plain modern English. You say only what stands in the text.';

/** A scene of no play, with facts as they are wanted: a small model follows what it sees. */
const example = {
  text: `[Enter MARA and TOBIN]
Mara: Good Tobin, hast thou brought the key I gave thee yesternight?
Tobin: Alas, madam, Hugh hath ta'en it from my girdle while I slept, and sold it to the steward for three crowns.
Mara: O villain! Then haste thee to the steward; bid him render it or hang.
[Exit TOBIN]`,
  names: ['Mara', 'Tobin'],
  facts: [
    'Mara asked Tobin for the key that Mara had given Tobin.',
    'Tobin told Mara that Hugh had stolen the key and sold it to the steward for three crowns.',
    'Mara sent Tobin to the steward to get the key back.',
  ],
};

/** Everybody in a piece, as in a sentence. */
function namesIn(piece: Piece): string[] {
  const names = piece.flatMap(({ hearers, speakers }) => [...speakers, ...hearers]);
  return [...new Set(names)].filter((name) => !isCollective(name)).map(displayName);
}

/** What a model is asked for a piece: in its chat template, or as text that a base model goes on with. */
export function draftPrompt(model: PromptModel, piece: Piece): Int32Array {
  const { addsStart, start } = model.info;
  const first = addsStart ? [start] : [];
  const shown = question(example.text, example.names);
  const asked = question(pieceText(piece), namesIn(piece));
  const answer = JSON.stringify(example.facts).replaceAll('","', '",\n"');
  const template = templateOf(model);
  if (!template) {
    const page = `${system}\n\n${shown}\n\n${answer}\n\n${asked}\n\n`;
    return Int32Array.from([...first, ...model.tokenize(page)]);
  }
  const write = (pieces: readonly TemplatePiece[]): number[] => tokensOf(model, pieces);
  const message = ({ before, after }: Frame, text: string): number[] =>
    write([...before, text, ...after]);
  return Int32Array.from([
    ...first,
    ...(template.system ? message(template.system, system) : []),
    ...message(template.visitor, template.system ? shown : `${system}\n\n${shown}`),
    ...message(template.character, answer),
    ...message(template.visitor, asked),
    ...write(template.open),
  ]);
}

function question(text: string, names: readonly string[]): string {
  return `${text}

Persons: ${listOf(names)}.
What happens here? Answer with a JSON array of one to ${mostSentences} short sentences in the past tense: who does, says, asks, plans or learns what, and why. Begin each sentence with the name of a person, and write names rather than "he" or "she".`;
}

/** A JSON array of sentences, each of which begins with somebody who is there. */
export function draftGrammar(piece: Piece): string {
  const names = namesIn(piece).map((name) => JSON.stringify(name));
  return [
    `root ::= "[" sentence (",\\n" sentence){0,${mostSentences - 1}} "]"`,
    `sentence ::= "\\"" name rest ".\\""`,
    `name ::= ${names.join(' | ')}`,
    `rest ::= [a-zA-Z',; -]{15,170}`,
  ].join('\n');
}

/** The sentences of an answer; of one that was cut short, the whole ones. */
export function sentencesIn(answer: string): string[] {
  return [...answer.matchAll(/"([^"\n]+\.)"/g)].map((match) => match[1]!);
}
