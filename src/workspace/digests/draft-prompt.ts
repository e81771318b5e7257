import type { DraftItem } from '../../memory/digests/draft/draft-items.ts';
import type { Draft } from '../../memory/digests/draft/judge-draft.ts';
import { type Piece, pieceText } from '../../memory/digests/draft/scene-pieces.ts';
import { templateOf } from '../../prompt/form.ts';
import { startTokens, tokensOf } from '../../prompt/piece-tokens.ts';
import type { PromptModel } from '../../prompt/prompt.ts';
import type { Frame, Piece as TemplatePiece } from '../../prompt/templates.ts';

/** Counts up with every change of what a model is asked: drafts of another version are made again. */
export const draftPromptVersion = '5';

const system = 'You put old plays into plain modern English. You say only what stands in the text.';

/** A scene of no play, with sentences as they are wanted: a small model follows what it sees. */
const example = {
  text: `[Enter MARA and TOBIN]
Mara: Good Tobin, hast thou brought the key I gave thee yesternight?
Tobin: Alas, madam, Hugh hath ta'en it from my girdle while I slept, and sold it to the steward for three crowns.
Mara: O villain! Then haste thee to the steward; bid him render it or hang. Would I had never trusted it to thee!
[Exit TOBIN]`,
  answer: [
    {
      speech: "Alas, madam, Hugh hath ta'en it",
      means:
        'Tobin told Mara that Hugh had stolen the key while Tobin slept and had sold it to the steward.',
    },
    {
      speech: 'O villain! Then haste thee to',
      means: 'Mara ordered Tobin to go to the steward and get the key back.',
    },
  ],
};

/** What a model is asked for a piece: in its chat template, or as text that a base model goes on with. */
export function draftPrompt(model: PromptModel, piece: Piece): Int32Array {
  const shown = question(example.text);
  const asked = question(pieceText(piece));
  const answer = `[${example.answer.map((one) => JSON.stringify(one)).join(',\n')}]`;
  const template = templateOf(model);
  const first = startTokens(model, template);
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

function question(text: string): string {
  return `${text}

Put what is said and done here into plain modern English, in the third person and in the past tense: one short sentence for each speech that says what the speaker means. Write names rather than "he" or "she". Answer with a JSON array.`;
}

/**
 * Words that a drafted sentence has names for. A model of 1.5B mixes up whom they mean, and so does whoever reads the
 * sentence without its scene: of a scene of people whom no title tells for men or women, nothing else would be kept.
 */
const pronouns =
  'he him his himself she her hers herself I me my mine myself you your yours thou thee thy thine we us our ours';
/** What each of them costs: more than a model likes any. The words of a speech that are given say them all the same. */
const pronounNats = 20;

/** A JSON array with a sentence for each item, in their order: what is said of, and by whom to whom, is given. */
export function draftGrammar(items: readonly DraftItem[]): string {
  const written = items.map(({ shown, beginnings }) => {
    const speech = literal(`{"speech":${JSON.stringify(shown)},"means":"`);
    return `${speech} (${beginnings.map(literal).join(' | ')}) rest ${literal('."}')}`;
  });
  return [
    `root ::= "[" ${written.join(' ",\\n" ')} "]"`,
    "rest ::= [a-zA-Z',; -]{12,140}",
    `%lexicon pronouns -${pronounNats} { ${pronouns} }`,
  ].join('\n');
}

const literal = (text: string): string => JSON.stringify(text);

/** The sentences of an answer, one for each item; of one that was cut short, the whole ones. */
export function draftsIn(answer: string, items: readonly DraftItem[]): Draft[] {
  const sentences = [...answer.matchAll(/"means":"([^"\n]+\.)"/g)].map((match) => match[1]!);
  return sentences.slice(0, items.length).map((sentence, i) => ({ sentence, item: items[i]! }));
}
