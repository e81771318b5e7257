import { type Piece, templates } from '../../prompt/templates.ts';

/** Control tokens that are in no template of ours, but in vocabularies. */
const others = [
  '<s>',
  '<unk>',
  '<pad>',
  '<bos>',
  '<eos>',
  '<<SYS>>',
  '<</SYS>>',
  '[SYSTEM_PROMPT]',
  '[/SYSTEM_PROMPT]',
  '<start_of_image>',
  '<think>',
  '</think>',
];
/** What most families write their control tokens like, known or not. */
const looksLikeControl = /<\|[^<>|\s]{1,40}\|>/;

let known: readonly string[] | undefined;

/**
 * The first string in a text that is a control token of some family of models; undefined if there is none.
 *
 * Our own prompts never turn text into control tokens, but data is carried to trainers that do.
 */
export function specialString(text: string): string | undefined {
  known ??= [...new Set([...templates.flatMap(tokenNames), ...others])].map((name) =>
    name.toLowerCase(),
  );
  const plain = text.toLowerCase();
  return known.find((name) => plain.includes(name)) ?? looksLikeControl.exec(plain)?.[0];
}

function tokenNames({ system, visitor, character, open }: (typeof templates)[0]): string[] {
  const frames = [system, visitor, character].flatMap((frame) => [
    ...(frame?.before ?? []),
    ...(frame?.after ?? []),
  ]);
  const named = [...frames, ...open].flatMap((piece: Piece) =>
    typeof piece === 'string' ? [] : [piece.token],
  );
  return named;
}
