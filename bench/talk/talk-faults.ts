import { RunIndex } from '#dramatis/corpus/gates/run-index.js';
import { sharedRun } from '#dramatis/corpus/gates/shared-run.js';
import { maskBreak, takesForKnown } from '#dramatis/measure/text/mask-break.js';
import { replierOf } from '#dramatis/measure/text/replier.js';
import { type Replier, replyFaultsOf } from '#dramatis/measure/text/reply-form.js';
import type { CastMember, Play } from '#dramatis/play/play.js';
import { sentencesOf } from '#dramatis/play/sentences.js';
import { words } from '#dramatis/play/words.js';
import { personaOf } from '#dramatis/prompt/persona/persona.js';
import { promptPhrases } from '#dramatis/prompt/prompt-phrases.js';
import { promptTemplate } from '#dramatis/prompt/prompt-template.js';
import type { Answered } from './talk-answers.ts';

/** What may be wrong with an answer, however it answers. */
const talkFaults = ['prompt', 'label', 'cut', 'empty', 'echo', 'mask'] as const;
export type TalkFault = (typeof talkFaults)[number];

/** Words of the examples that a prompt shows, and of nothing in either play. */
const exampleWords =
  /\b(?:cook|silver spoon|grey horse|stable boy|hoof|farrowglass|motor[- ]?car|drove a nail|in the flour)\b/i;
/** What the system line begins with, in the second person, and how it goes on. */
const orders =
  /\b(?:your thoughts now|what you say of others|what I remember|speak only as|answer the question first|you do not remember it|say it better|struck out)\b/i;
/** In words: so many in a row of the persona are recited. */
const recitedRun = 6;
/** In words: so many in a row of how the character speaks are told. */
const mannerRun = 3;
/** In words: so many in a row of what was said are given back. */
const echoedRun = 5;
/** Words from which on the whole of a line counts as an echo: "Good morrow." may be said back. */
const leastWhole = 3;
/** Words from which on a sentence counts as said again. */
const leastSentence = 4;

/** Who answers, and what may not be recited. */
export interface Answerer {
  readonly replier: Replier;
  readonly persona: RunIndex;
  /** How the prompt says that they speak, as they would say it. */
  readonly manner: RunIndex;
}

export function answererOf(play: Play, character: CastMember): Answerer {
  const persona = personaOf(play, character);
  const told = [persona.description, ...persona.relations].flatMap(sentencesOf);
  return {
    replier: replierOf(play, character),
    persona: new RunIndex(told.map((text) => ({ place: 'persona', text }))),
    manner: new RunIndex(
      sentencesOf(persona.description)
        .slice(1)
        .map((text) => ({ place: 'manner', text: asOwn(text) })),
    ),
  };
}

/** The faults of an answer to a line; the strictest reading of each. */
export function faultsOf(question: string, answer: Answered, who: Answerer): TalkFault[] {
  const { text, stop } = answer;
  // A stage direction in brackets is none of the prompt's.
  const reply = text.replace(/\[[A-Za-z][A-Za-z' ,]*\]/g, '');
  const form = replyFaultsOf({ question, reply, stop, facts: answer.recalled }, who.replier);
  const isCut = (stop === 'length' || stop === 'window') && !/[.!?…]["'”’)\]]*$/.test(text);
  const has: Readonly<Record<TalkFault, boolean>> = {
    prompt: form.includes('prompt words') || saysPrompt(question, text, who),
    label: form.includes('another voice') || hasLabel(text, who),
    cut: isCut,
    empty: words(text).length === 0,
    echo: echoes(text, question),
    mask: maskBreak(text, question) !== undefined || takesForKnown(text, question),
  };
  return talkFaults.filter((fault) => has[fault]);
}

function saysPrompt(question: string, text: string, { persona, manner }: Answerer): boolean {
  const said = text.toLowerCase();
  const phrases = promptPhrases(promptTemplate()).map((phrase) => phrase.toLowerCase());
  const isExample = exampleWords.test(text) && !exampleWords.test(question);
  const recited = sharedRun(text, persona);
  // "I am Hamlet, prince of Denmark" is an answer.
  const isRecited = recited !== undefined && recited.length >= recitedRun;
  return (
    phrases.some((phrase) => said.includes(phrase)) ||
    orders.test(text) ||
    isExample ||
    (isRecited && /\byour?\b/.test(recited.words)) ||
    saysManner(text, manner)
  );
}

/** Whether who speaks says of themself how the prompt says that they speak: three words of it. */
function saysManner(text: string, manner: RunIndex): boolean {
  const run = sharedRun(asOwn(text), manner);
  return (
    run !== undefined &&
    run.length >= mannerRun &&
    !/^(?:i|my|you|of|and|the|what|have|in|are)(?: (?:i|my|you|of|and|the|what|have|in|are))*$/.test(
      run.words,
    )
  );
}

/** "You are warm" as "I am warm". */
const asOwn = (text: string): string =>
  text
    .replace(/\byou are\b/gi, 'I am')
    .replace(/\byou\b/gi, 'I')
    .replace(/\byour\b/gi, 'my');

/** A name of the cast, or "Visitor", with a colon and words after it, wherever a sentence may begin. */
function hasLabel(text: string, { replier: { labels } }: Answerer): boolean {
  const names = [...labels, 'Visitor', 'Stranger', 'You', 'Me'].map((name) =>
    name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`(?:^|[\\n.!?”"])\\W*(?:${names.join('|')}):\\s`, 'iu').test(text);
}

/** Whether a line is given back word for word: a run of it, or the whole of a short one. */
function echoes(text: string, line: string): boolean {
  const asked = words(line);
  const said = words(text);
  const run = sharedRun(text, new RunIndex([{ place: 'line', text: line }]));
  const isWhole = asked.length >= leastWhole && asked.join(' ') === said.join(' ');
  return isWhole || (run !== undefined && run.length >= echoedRun);
}

/** Sentences of a talk, answer by answer, that its speaker has said before. */
export function saidAgain(answers: readonly string[]): string[][] {
  const before = new Set<string>();
  return answers.map((answer) => {
    const again: string[] = [];
    for (const sentence of sentencesOf(answer)) {
      const key = words(sentence).join(' ');
      if (words(sentence).length < leastSentence) continue;
      if (before.has(key)) again.push(sentence);
      before.add(key);
    }
    return again;
  });
}
