import { idOf } from '../../actor/conversation.ts';
import { chosenOf } from '../../actor/conversation-lines.ts';
import {
  deleteConversation,
  type FoundLine,
  findConversation,
  findLines,
  followConversation,
  type PastConversation,
  readConversations,
} from '../../actor/past-conversations.ts';
import { folders } from '../../store/folders.ts';
import { type ChatRequest, runChat } from '../chat/run-chat.ts';
import { UsageError } from '../failure.ts';
import { interrupted } from '../interrupt.ts';
import { canAsk, confirm } from '../terminal/confirm.ts';
import {
  conversationsText,
  conversationText,
  foundText,
  headingText,
  recordLines,
} from '../terminal/conversations-text.ts';
import { faultText } from '../terminal/fault-text.ts';
import { messages, output } from '../terminal/output.ts';

interface Asked {
  readonly json: boolean;
}

const folder = (): string => folders().conversations;
const find = (id: string): Promise<PastConversation> => findConversation(folder(), id);

/** All conversations; what cannot be read is named on stderr. */
async function readAll(): Promise<readonly PastConversation[]> {
  const { conversations, unreadable } = await readConversations(folder());
  for (const what of unreadable) messages.line(`${what}; it was left out`);
  return conversations;
}

/** A conversation as `--json` prints it. */
function json({ id, start, conversation }: PastConversation) {
  const { name, path, turns, times } = conversation;
  const { play, character, model, form } = start;
  return { id, name, play, character, model, form, ...times, turns: turns.length, path };
}

/** `dramatis conversations list` */
export async function runList(asked: Asked): Promise<void> {
  const conversations = await readAll();
  if (asked.json) output.json(conversations.map(json));
  else if (conversations.length > 0) output.line(conversationsText(conversations));
  else messages.line(`No conversations in ${folder()}; "dramatis chat hamlet" begins one.`);
}

/** `dramatis conversations search` */
export async function runSearch({
  words,
  ...asked
}: Asked & { readonly words: readonly string[] }): Promise<void> {
  const found: { readonly past: PastConversation; readonly lines: readonly FoundLine[] }[] = [];
  for (const past of await readAll()) {
    const lines = findLines(past.conversation, words);
    if (lines.length > 0) found.push({ past, lines });
  }
  if (asked.json) {
    const numbered = (lines: readonly FoundLine[]) =>
      lines.map(({ at, speaker, text }) => ({ number: at + 1, speaker, text }));
    output.json(found.map(({ past, lines }) => ({ ...json(past), found: numbered(lines) })));
  } else if (found.length > 0) {
    output.line(found.map(({ past, lines }) => foundText(past, lines)).join('\n'));
  } else {
    const all = words.map((word) => `"${word}"`).join(' and ');
    messages.line(`No line of a conversation has ${all} in it.`);
  }
}

/** `dramatis conversations show` */
export async function runShow({ id, ...asked }: Asked & { readonly id: string }): Promise<void> {
  const past = await find(id);
  const { lines, faults, path } = past.conversation;
  for (const fault of faults) messages.line(faultText(path, fault));
  if (!asked.json) {
    output.line(conversationText(past));
    return;
  }
  const shown = lines.map((line, at) => {
    const { id: _, ...turn } = chosenOf(line);
    const { alternatives, chosen } = line;
    const others = alternatives.map(({ text, seed }) => ({ text, seed }));
    return {
      number: at + 1,
      ...turn,
      ...(others.length > 1 && { chosen: chosen + 1, alternatives: others }),
    };
  });
  output.json({ ...json(past), lines: shown });
}

/** `dramatis conversations fork` */
export async function runFork({ id, ...asked }: Asked & { readonly id: string }): Promise<void> {
  const past = await find(id);
  const conversation = await past.conversation.fork();
  const forked = await find(idOf(conversation.path));
  if (asked.json) output.json(json(forked));
  else output.line(headingText(forked));
}

/** `dramatis conversations watch`: what was said, then what is said in another process, until Ctrl-C. */
export async function runWatch({
  id,
  signal,
  ...asked
}: Asked & { readonly id: string; readonly signal: AbortSignal }): Promise<void> {
  for await (const record of followConversation(await find(id), signal)) {
    if (asked.json) output.jsonLine(record);
    else for (const line of recordLines(record)) output.line(line);
  }
}

/** `dramatis conversations open` */
export async function runOpen(
  id: string,
  request: Omit<ChatRequest, 'character' | 'resume'>,
): Promise<void> {
  await runChat({ ...request, resume: (await find(id)).id });
}

/** `dramatis conversations rename` */
export async function runRename({
  id,
  name,
  ...asked
}: Asked & { readonly id: string; readonly name: string }): Promise<void> {
  const past = await find(id);
  const wanted = name.replaceAll(/\s+/g, ' ').trim();
  const { conversations } = await readConversations(folder());
  const taken = conversations.find(
    (one) => one.id !== past.id && one.conversation.name.toLowerCase() === wanted.toLowerCase(),
  );
  if (wanted !== '' && taken)
    throw new UsageError(`the conversation ${taken.id} is called "${wanted}" already`);
  await past.conversation.rename(wanted);
  if (asked.json) output.json(json(past));
  else output.line(headingText(past));
}

/** `dramatis conversations delete` */
export async function runDelete({
  id,
  yes,
  ...asked
}: Asked & { readonly id: string; readonly yes: boolean }): Promise<void> {
  const past = await find(id);
  if (!yes && canAsk()) {
    messages.line(headingText(past));
    if (!(await confirm('Delete it for good?', interrupted()))) return;
  }
  await deleteConversation(past);
  if (asked.json) output.json(json(past));
  else output.line(`Deleted ${headingText(past)}`);
}
