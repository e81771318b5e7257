import { existsSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { SpokenTurn } from '../../actor/conversation-record.ts';
import { DramatisError } from '../../errors.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { writeAtomic } from '../../store/write-atomic.ts';

export interface Transcript {
  readonly character: string;
  readonly play: string;
  readonly model: string;
  readonly turns: readonly SpokenTurn[];
}

/** What the name of a file may end in; one that has no ending is text. */
const endings: readonly string[] = ['', '.md', '.txt', '.json'];

/**
 * Writes a conversation to a new file: JSON for a name that ends so, else text that reads as Markdown. Makes no folder.
 *
 * @param file Default: a name made of the character and the time, in the working folder.
 * @returns    The file's absolute path.
 * @throws {DramatisError} STORE_UNWRITABLE, also when there is such a file already, or its folder is not there; USAGE for a
 *   name that ends as no format here.
 */
export async function saveTranscript(
  transcript: Transcript,
  file = defaultName(transcript.character),
): Promise<string> {
  const path = resolve(file);
  const ending = extname(path).toLowerCase();
  if (!endings.includes(ending)) {
    throw new DramatisError('USAGE', `a conversation cannot be written as ${ending}`, {
      remedy: 'Give a name that ends in .md, .txt or .json.',
    });
  }
  if (!existsSync(dirname(path))) {
    throw new DramatisError('STORE_UNWRITABLE', `there is no folder ${dirname(path)}`, {
      remedy: 'Make it first, or give a name in another folder.',
    });
  }
  if (existsSync(path)) {
    throw new DramatisError('STORE_UNWRITABLE', `${path} is there already`, {
      remedy: 'Give another name: nothing is written over.',
    });
  }
  const isJson = ending === '.json';
  await writeAtomic(path, isJson ? `${JSON.stringify(transcript, null, 2)}\n` : asText(transcript));
  return path;
}

function asText({ character, play, model, turns }: Transcript): string {
  const lines = turns.map(
    ({ speaker, text, seed, stop }) =>
      `**${speaker === VISITOR ? 'Visitor' : character}:** ${text}` +
      `${stop === 'cut' ? ' [stopped]' : ''}${seed === undefined ? '' : ` <!-- seed ${seed} -->`}\n`,
  );
  return `# A conversation with ${character}\n\nPlay: ${play}. Model: ${model}.\n\n${lines.join('\n')}`;
}

function defaultName(character: string): string {
  const name = character.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
  return `${name}-${time}.md`;
}
