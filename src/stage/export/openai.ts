import { displayName } from '../../play/cast/display-name.ts';
import { chatLine, silence } from '../../prompt/chat-layout.ts';
import { oneLine } from '../../prompt/quote.ts';
import type { StageState } from '../state.ts';
import { viewOf } from '../view.ts';
import { scenePage } from './scene-page.ts';

interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * A scene as conversations of OpenAI's form, one line of JSON for each character that a model spoke: what the others said
 * and what happened is the user's, its own turns are the assistant's. Each holds only what the character heard.
 */
export function asOpenAi(state: StageState): string {
  return jsonLines(speakersOf(state).map((name) => ({ messages: messagesOf(state, name) })));
}

/** A scene as `asOpenAi` writes it, in the form of ShareGPT. */
export function asShareGpt(state: StageState): string {
  const from = { system: 'system', user: 'human', assistant: 'gpt' } as const;
  return jsonLines(
    speakersOf(state).map((name) => ({
      conversations: messagesOf(state, name).map(({ role, content }) => ({
        from: from[role],
        value: content,
      })),
    })),
  );
}

const jsonLines = (rows: readonly object[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

function speakersOf({ turns }: StageState): string[] {
  return [...new Set(turns.filter((turn) => turn.playedBy === 'model').map(({ who }) => who))];
}

/** All that was ever heard: nothing is too long ago. */
const noLimits = { mostWords: Number.POSITIVE_INFINITY, keptWords: 0 };

function messagesOf(state: StageState, name: string): ChatMessage[] {
  const messages: ChatMessage[] = [{ role: 'system', content: introduction(state, name) }];
  for (const line of viewOf(state, name, noLimits).lines) {
    const role = line.speaker === name ? 'assistant' : 'user';
    const content = role === 'assistant' ? oneLine(line.text) : chatLine(line);
    const last = messages.at(-1)!;
    if (last.role === role) {
      messages[messages.length - 1] = { role, content: `${last.content}\n${content}` };
      continue;
    }
    if (role === 'assistant' && last.role === 'system')
      messages.push({ role: 'user', content: silence });
    messages.push({ role, content });
  }
  return messages;
}

function introduction(state: StageState, name: string): string {
  const { title, heading, situation } = scenePage(state);
  const parts = [`You are ${displayName(name)}, in "${title}".`, heading, situation];
  return parts.filter((part) => part.trim() !== '').join(' ');
}
