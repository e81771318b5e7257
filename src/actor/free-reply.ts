import { shakespeares } from '../play/tongue.ts';
import { type Persona, templateFor } from '../prompt/prompt.ts';
import { literal } from '../steer/grammar/grammar-text.ts';
import type { Steering } from '../steer/steering.ts';
import { againWording, isUnknownWording } from './said-before.ts';
import type { SpeakOptions } from './speak.ts';
import { unsaidGrammar } from './unsaid.ts';
import type { VoicePrompt } from './voice-options.ts';

/** The share of its greatest length from which on a reply ends where a sentence does. */
const softShare = 0.8;
/** Tokens of a greatest length that is too short for that. */
const leastSoft = 64;

/** Whose reply it is, to what, and how long it may be. */
export interface FreeReply {
  readonly speaker: string | undefined;
  readonly persona: Persona | undefined;
  readonly steering: Steering;
  readonly prompt: Pick<VoicePrompt, 'conversation' | 'fact'>;
  /** See `UnsaidSources`. */
  readonly told: () => string;
  readonly maxTokens: number;
}

/** The form of a reply that no grammar is asked for. */
export interface FreeForm extends Pick<SpeakOptions, 'softEnd'> {
  readonly grammar: readonly string[];
  /** What the reply begins with, because its fact was told before; '' for most. */
  readonly again: string;
}

/**
 * What holds a reply that may take any form: near its greatest length it ends where a sentence
 * does, and if the steering asks for it, it echoes neither its prompt nor the conversation.
 */
export function freeForm({
  speaker,
  persona,
  steering,
  prompt: { conversation: turns, fact },
  told,
  maxTokens,
}: FreeReply): FreeForm {
  if (speaker === undefined) return { grammar: [], again: '' };
  const softEnd = maxTokens < leastSoft ? undefined : Math.floor(softShare * maxTokens);
  if (!steering.forbidsEchoes) return { grammar: [], again: '', softEnd };
  const template = templateFor(persona);
  const again = fact === undefined ? '' : againWording(template, fact, { turns, speaker });
  const { language } = persona?.tongue ?? shakespeares;
  const who = { name: persona?.displayName, description: persona?.description };
  const asked = { speaker, ...who, turns, template, language, fact, told: told() };
  const unsaid = unsaidGrammar(asked);
  if (fact === undefined) return { grammar: [unsaid], again, softEnd };
  // Asked what an assistant can do, a larger model tells it whatever stands in its prompt; a small one spoils other wordings.
  if (steering.pushesFacts && isUnknownWording(template, fact))
    return { grammar: [exactly(again + fact)], again, softEnd };
  return { grammar: again === '' ? [unsaid] : [unsaid, beginning(again)], again, softEnd };
}

/** A grammar of what begins with some words, and of those words alone; a blank may stand before them. */
const beginning = (text: string): string => `root ::= " "? ${literal(text)} [^\\r\\n]+\n`;
const exactly = (text: string): string => `root ::= " "? ${literal(text)}\n`;
