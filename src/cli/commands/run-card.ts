import { access } from 'node:fs/promises';
import { DramatisError } from '../../errors.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { folders } from '../../store/folders.ts';
import { readFileBytes } from '../../store/read-file-bytes.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { cardOfCharacter } from '../../workspace/cards/card-of-character.ts';
import { openCardText, readCardFile, tavernImage } from '../../workspace/cards/open-card.ts';
import type { CardText } from '../../workspace/cards/read-card.ts';
import { toTavern } from '../../workspace/cards/tavern-card.ts';
import { keptCardPath } from '../../workspace/cards/who-is-meant.ts';
import { playOf } from '../../workspace/find-play.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { printable } from '../terminal/terminal-text.ts';

/** `dramatis card check`: a line for each fault on stdout, and exit code 1 if there is one. */
export async function runCardCheck({
  file,
  json,
}: {
  readonly file: string;
  readonly json: boolean;
}): Promise<void> {
  const { faults, converted } = await readCardFile(file);
  const { card, left = [] } = converted ?? {};
  if (faults.length > 0) process.exitCode = 1;
  if (json) {
    output.json({ name: card?.name, left, faults });
    return;
  }
  for (const { line, message, remedy } of faults)
    output.line(`${file}:${line}: ${printable(message)}\n  ${printable(remedy)}`);
  sayLeft(left);
  messages.line(
    card
      ? `${printable(card.name)} can be talked with: dramatis chat --card ${file}`
      : `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}.`,
  );
}

export interface CardExportRequest extends WorkspaceOptions {
  /** Name in a cast, or path of a card file. */
  readonly character: string;
  readonly play?: string | undefined;
  readonly tavern: boolean;
  readonly image?: string | undefined;
  readonly out?: string | undefined;
  readonly signal: AbortSignal;
}

/** `dramatis card export`: the card on stdout, or in a file. */
export async function runCardExport(request: CardExportRequest): Promise<void> {
  const { character, image, out, tavern } = request;
  const isImage = out !== undefined && /\.png$/i.test(out);
  if (image !== undefined && !isImage)
    throw new UsageError('--image is for a card that is an image: give --out FILE.png too');
  if (out !== undefined && !/\.(?:png|json)$/i.test(out))
    throw new UsageError(`--out is ${out}: a card is written as .json or .png`);
  const card = /\.(?:png|json)$/i.test(character)
    ? (await openCardText(character)).card
    : await cardFromPlay(request);
  if (isImage)
    await writeAtomic(
      out,
      tavernImage(card, image === undefined ? undefined : await readFileBytes(image)),
    );
  else {
    const text = `${JSON.stringify(tavern ? toTavern(card) : card, null, 2)}\n`;
    if (out === undefined) output.file(text);
    else await writeAtomic(out, text);
  }
  if (out !== undefined) messages.line(`Wrote the card of ${printable(card.name)} to ${out}.`);
}

async function cardFromPlay(request: CardExportRequest): Promise<CardText> {
  const { character, play: named = playOf(character), signal } = request;
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const opened = await dramatis.play(named, { signal });
  const member = findCharacter(opened.play, character);
  return cardOfCharacter(opened, member, await dramatis.digests(opened));
}

export interface CardImportRequest {
  readonly file: string;
  readonly out?: string | undefined;
  readonly force: boolean;
}

/** `dramatis card import`: a card in our form, where its character is found by name. */
export async function runCardImport({ file, out, force }: CardImportRequest): Promise<void> {
  const { card, left } = await openCardText(file);
  const path = out ?? keptCardPath(folders().cards, card.name);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere && !force)
    throw new DramatisError('USAGE', `there is a card ${path} already`, {
      remedy: 'Give another file with --out FILE, or replace it with --force.',
    });
  await writeAtomic(path, `${JSON.stringify(card, null, 2)}\n`);
  sayLeft(left);
  const talk =
    out === undefined
      ? `dramatis chat ${JSON.stringify(card.name)}`
      : `dramatis chat --card ${out}`;
  messages.line(`Wrote ${path}; talk with ${printable(card.name)}: ${printable(talk)}`);
}

function sayLeft(left: readonly string[]): void {
  for (const sentence of left) messages.line(`left out: ${printable(sentence)}`);
}
