import { existsSync, readFileSync } from 'node:fs';
import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, TextAnswer, Values, Why } from '../../measure/row.ts';
import { seedOf } from '../../measure/statistics/prng.ts';
import { type ReplyFault, replyFaultsOf } from '../../measure/text/reply-form.ts';
import type { Recollection } from '../../memory/recalled.ts';
import { firstPlace } from '../choice.ts';
import { isAmong } from '../span.ts';
import type { Memories, QuestionContext, Request, Task } from '../task.ts';
import { type KnowItem, knowItems } from './know-items.ts';
import { judgeKnown, judgeUnknown, saysNotKnown, type Verdict } from './know-judge.ts';
import { type QuestionFile, readQuestions } from './know-questions.ts';
import { summaries } from './summaries.ts';

/** Where a memory that holds the answer must stand among those recalled. */
const depths = [1, 3, 10] as const;
/** Tokens of an answer: the key looks for a few words. */
const answerTokens = 60;

const share = (name: string, higherIsBetter: boolean): Metric<KnowItem> => ({
  name,
  unit: 'share',
  higherIsBetter,
  ...(higherIsBetter && { floor: 0, ceiling: 1 }),
  isBinary: true,
});

/**
 * Does a character answer rightly what it lived through or was told, and say that it does not know what it cannot know?
 * Questions with keyed answers, as a visitor asks them; memory is that of the whole play, as in a conversation.
 *
 * Of what can be known:
 *
 *   right    share of free answers, at temperature 0, that pass the key: patterns that must and must not be found
 *   denied   share that say they do not know
 *   choice   whether the right answer is likelier than each of three to five of its kind, by the mean log-probability of a
 *            token: they are about as long, and a sum would favour short names
 *   hit@k    whether one of the first k memories recalled shares a line with those that tell the answer
 *   refused  share for which the gate of not-knowing let nothing through
 *
 * Of what cannot be known: "violated", the share of answers that give away knowledge; "owned", those that say they do not
 * know; "gated", those that the gate let nothing through for.
 *
 * Of both: "ill formed", the share of free answers with a fault of form, such as the question repeated or a memory quoted on;
 * the rows say which.
 *
 * Floor: 0. Ceiling: 1. Anchors: the one right fact alone, the one right exchange alone, nothing, what the question brings
 * to another character's mind, and facts drawn by lot. A model that reads the play's own words well may answer as well from
 * the right exchange as from the right fact: that order is no invariant.
 *
 * @see Ahn et al., "TimeChara: Evaluating Point-in-Time Character Hallucination", 2024, for what cannot be known.
 */
export const know: Task<KnowItem> = knowOf(shippedFor);

/**
 * The task with questions of a file of the same format.
 *
 * @param questionsFor The questions for a play and what they are called in messages; undefined if there are none.
 */
export function knowOf(
  questionsFor: (
    source: Source,
  ) => { readonly file: QuestionFile; readonly name: string } | undefined,
): Task<KnowItem> {
  const task = { name: 'know', version: 1 } as const;
  return {
    ...task,
    summary: summaries.know,
    isOfMemory: true,
    metrics: [
      // What nobody could know has no right answer.
      { ...share('right', true), isOf: ({ asked }) => asked.kind === 'known' },
      share('violated', false),
      { ...share('choice', true), floor: 0.2 },
      ...depths.map((depth) => share(`hit@${depth}`, true)),
      share('denied', false),
      share('owned', true),
      share('refused', false),
      share('gated', true),
      share('ill formed', false),
    ],
    anchors: [
      anchor('gold digest', ({ asked }) => goldOf(asked, 'digest')),
      anchor('gold window', ({ asked }) => goldOf(asked, 'window')),
      anchor('nothing', () => ({ kind: 'none' })),
      anchor('another', ({ another }) =>
        another === undefined ? undefined : { kind: 'of another', character: another },
      ),
      anchor('by lot', ({ id }) => ({ kind: 'by lot', seed: seedOf(id, 'lot') })),
    ],
    invariants: [
      ['gold digest', 'nothing'],
      ['gold digest', 'another'],
      ['gold digest', 'by lot'],
    ],
    items(source) {
      const found = questionsFor(source);
      return found ? knowItems(source, task, found.file, found.name) : [];
    },
    requests,
    measure,
    explain,
    groupOf: ({ speaker }) => speaker,
  };
}

/** The questions that data/questions has for a play; it lies at the package's root, seen from `src/eval` as from `dist/eval`. */
function shippedFor({ id, play }: Source): { file: QuestionFile; name: string } | undefined {
  const title = play.title.toLowerCase();
  const known = ['hamlet', 'macbeth'].find((one) => one === id || title.includes(one));
  if (known === undefined) return undefined;
  const path = new URL(`../../../data/questions/${known}.jsonl`, import.meta.url);
  if (!existsSync(path)) return undefined;
  const name = `data/questions/${known}.jsonl`;
  return { file: readQuestions(readFileSync(path, 'utf8'), name), name };
}

function contextOf({ speaker, asked }: KnowItem, memories: Memories): QuestionContext {
  return { kind: 'question', speaker, question: asked.question, at: asked.at, memories };
}

const said = (context: QuestionContext): Request => ({
  kind: 'text',
  context,
  seed: 0,
  maxTokens: answerTokens,
  temperature: 0,
  tellsRecalled: true,
});

function requests(item: KnowItem): Request[] {
  const { asked } = item;
  const context = contextOf(item, { kind: 'own' });
  const recalled: Request = { kind: 'recall', context, limit: Math.max(...depths) };
  const answer = asked.kind === 'known' && asked.choices.length > 0 ? asked.answer : undefined;
  if (asked.kind !== 'known' || answer === undefined) return [recalled, said(context)];
  const choice: Request = { kind: 'score', context, continuations: [answer, ...asked.choices] };
  return [recalled, said(context), choice];
}

/** An anchor that is asked what can be known with other memories than the question brings to mind. */
function anchor(name: string, memoriesOf: (item: KnowItem) => Memories | undefined) {
  return {
    name,
    requests(item: KnowItem): Request[] {
      const memories = item.asked.kind === 'known' ? memoriesOf(item) : undefined;
      return memories ? [said(contextOf(item, memories))] : [];
    },
  };
}

function goldOf(asked: KnowItem['asked'], of: 'digest' | 'window'): Memories | undefined {
  if (asked.kind !== 'known' || asked.gold.length === 0) return undefined;
  return { kind: 'of lines', of, spans: asked.gold };
}

function measure(item: KnowItem, answers: readonly Answer[]): Values {
  const { asked } = item;
  const text = textOf(answers);
  const form: Values = text ? { 'ill formed': Number(faultsIn(item, text).length > 0) } : {};
  const recalled = answers.find((answer) => answer.kind === 'recall');
  const choice = answers.find((answer) => answer.kind === 'score');
  const isRefused = recalled?.knowing && Number(!recalled.knowing.isKnown);
  if (asked.kind !== 'known')
    return {
      ...form,
      ...(text && {
        violated: Number(judgeUnknown(asked, text.text) === 'violated'),
        owned: Number(saysNotKnown(text.text)),
      }),
      ...(isRefused !== undefined && { gated: isRefused }),
    };
  return {
    ...form,
    ...(text && {
      right: Number(judgeKnown(asked, text.text) === 'right'),
      denied: Number(judgeKnown(asked, text.text) === 'does not know'),
    }),
    ...(choice && { choice: firstPlace(perToken(choice), (index) => index === 0) }),
    ...(recalled && asked.gold.length > 0 && hits(recalled, asked.gold)),
    ...(isRefused !== undefined && { refused: isRefused }),
  };
}

/** What is wrong with the form of an answer; the facts and passages are those that it was shown. */
function faultsIn(
  { asked, replier, thoughts }: KnowItem,
  { text, stop, recalled }: TextAnswer,
): ReplyFault[] {
  const textsOf = (isFact: boolean): string[] =>
    (recalled?.items ?? [])
      .filter(({ kind }) => (kind === 'digest') === isFact)
      .map((memory) => memory.text);
  const shown = { facts: textsOf(true), passages: [...textsOf(false), thoughts] };
  return replyFaultsOf({ question: asked.question, reply: text, stop, ...shown }, replier);
}

function hits({ items }: Recollection, gold: Parameters<typeof isAmong>[1]): Values {
  const first = items.findIndex((item) => isAmong(item, gold));
  return Object.fromEntries(
    depths.map((depth) => [`hit@${depth}`, Number(first >= 0 && first < depth)]),
  );
}

function perToken({ nats, tokens }: Extract<Answer, { kind: 'score' }>): number[] {
  return nats.map((sum, i) => sum / tokens[i]!);
}

function explain(item: KnowItem, answers: readonly Answer[]): Why | undefined {
  const { asked } = item;
  const text = textOf(answers);
  if (!text) return undefined;
  const { recalled } = text;
  const isKnown = asked.kind === 'known';
  const verdict: Verdict = isKnown ? judgeKnown(asked, text.text) : judgeUnknown(asked, text.text);
  const items = recalled?.items ?? [];
  return {
    question: asked.question,
    verdict,
    isRight: verdict === 'right' || (verdict === 'does not know' && !isKnown),
    said: text.text,
    faults: faultsIn(item, text),
    ...(isKnown && asked.answer !== undefined && { right: asked.answer }),
    recalled: items.map(({ kind, place, end, text }) => ({ kind, place, end, text })),
    ...(recalled?.knowing && { knowing: recalled.knowing }),
  };
}

function textOf(answers: readonly Answer[]): TextAnswer | undefined {
  return answers.find((answer) => answer.kind === 'text');
}
