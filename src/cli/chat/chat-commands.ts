import { distance } from 'fastest-levenshtein';

/** What a line typed in a conversation asks for. */
export type ChatCommand =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'at'; readonly place: string | undefined }
  | { readonly kind: 'character'; readonly name: string | undefined }
  | { readonly kind: 'save'; readonly file: string | undefined }
  | { readonly kind: 'edit'; readonly asked: string | undefined }
  | { readonly kind: 'alternatives'; readonly asked: string | undefined }
  | { readonly kind: 'seed'; readonly seed: string | undefined }
  | { readonly kind: 'sources'; readonly asked: string | undefined }
  | { readonly kind: 'steer'; readonly asked: string | undefined }
  | { readonly kind: 'help' | 'who' | 'why' | 'regen' | 'undo' | 'quit' | 'nothing' }
  | { readonly kind: 'unknown'; readonly name: string; readonly nearest: string };

/** Every command, with what `/help` says of it. */
export const chatCommands: Readonly<Record<string, string>> = {
  '/help': 'this list',
  '/who': 'who you talk to',
  '/character [name]': 'talk with somebody else of the play, or go back to them',
  '/at [place|off]': 'the point in the story, such as /at 3.1; later events are then unknown',
  '/why': 'what the last answer recalled, and what it was steered by',
  '/sources [on|off]': 'whether the line of the play that an answer rests on stands beside it',
  '/steer [lever on|off]':
    'what bends the words, and at what cost; also /steer +verse,-ban, off, strength 0.5, contrast 2, control 1.5, grammar',
  '/regen': 'another answer, drawn with the next seed; those before are kept',
  '/alternatives [number]': 'the answers there are to your last words; a number picks one',
  '/edit [number words]':
    'your lines and theirs by number, or other words for one; yours are answered anew',
  '/undo': 'take back your last words and their answer',
  '/save [file]': 'write the conversation down: .md, .txt or .json',
  '/seed [number]': 'show or set the seed',
  '/quit': 'leave, as Ctrl-D does',
};

const names = Object.keys(chatCommands).map((usage) => usage.split(' ')[0]!);

/** A line that begins with "/" is a command; with "//", words that begin with "/". */
export function parseChatCommand(line: string): ChatCommand {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (text.startsWith('//')) return { kind: 'say', text: text.slice(1) };
  if (!text.startsWith('/')) return { kind: 'say', text };
  const [, name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const argument = rest.trim() || undefined;
  switch (name.toLowerCase()) {
    case '/at':
      return { kind: 'at', place: argument };
    case '/character':
      return { kind: 'character', name: argument };
    case '/save':
      return { kind: 'save', file: argument };
    case '/edit':
      return { kind: 'edit', asked: argument };
    case '/alternatives':
      return { kind: 'alternatives', asked: argument };
    case '/seed':
      return { kind: 'seed', seed: argument };
    case '/sources':
      return { kind: 'sources', asked: argument };
    case '/steer':
      return { kind: 'steer', asked: argument };
    case '/help':
    case '/?':
      return { kind: 'help' };
    case '/who':
      return { kind: 'who' };
    case '/why':
      return { kind: 'why' };
    case '/regen':
      return { kind: 'regen' };
    case '/undo':
      return { kind: 'undo' };
    case '/quit':
    case '/exit':
    case '/q':
      return { kind: 'quit' };
    default:
      return { kind: 'unknown', name, nearest: nearest(name) };
  }
}

/** For the Tab key: the commands that begin so. */
export function completeChatCommand(line: string): [string[], string] {
  return [line.startsWith('/') ? names.filter((name) => name.startsWith(line)) : [], line];
}

function nearest(name: string): string {
  return names.reduce((best, one) => (distance(one, name) < distance(best, name) ? one : best));
}
