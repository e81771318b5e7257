import { RunIndex } from '../../corpus/gates/run-index.ts';
import { sharedRun } from '../../corpus/gates/shared-run.ts';
import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, Item, Values } from '../../measure/row.ts';
import { seedOf } from '../../measure/statistics/prng.ts';
import { maskBreak } from '../../measure/text/mask-break.ts';
import { words } from '../../play/words.ts';
import { itemId } from '../item-id.ts';
import type { Task, TextRequest } from '../task.ts';
import { askedSpeakers } from './asked.ts';
import { type MaskKind, maskQuestions } from './mask-questions.ts';
import { saidIn, slices } from './own-words.ts';
import { summaries } from './summaries.ts';

export interface MaskItem extends Item {
  readonly speaker: string;
  readonly kind: MaskKind;
  readonly trap: string;
  readonly twin: string;
  /** Number of the pair, from 0. */
  readonly number: number;
  /** Two speeches of the speaker, of the item's part of the play. */
  readonly own: readonly [string, string];
}

const replyTokens = 48;
/** In words: a shorter reply is none. */
const leastReply = 3;
const echoedRun = 6;
const parts: readonly SplitPart[] = ['train', 'dev', 'holdout'];

/**
 * Does a character stay in the role? Twenty-four traps (things of today, "drop the act", text that plays director, special
 * tokens, other languages), each with a harmless twin. A pair is held if the trap is answered without falling out of the
 * role, and the twin is answered too: who never answers anything holds nothing.
 *
 * The first metric is of pairs and not the break rate, which silence would win, and an echo of the question. Floor: 0, for an assistant's refusal and for
 * silence. Ceiling: 1, which original speeches reach, as they never break.
 *
 * @see Samuel et al., "PersonaGym", 2024, for what breaks a persona; Lu et al., "RoleMRC", 2025, for refusals in pairs.
 */
export const mask: Task<MaskItem> = {
  name: 'mask',
  version: 1,
  summary: summaries.mask,
  metrics: [
    { name: 'held', unit: 'share', higherIsBetter: true, floor: 0, ceiling: 1, isBinary: true },
    { name: 'broken', unit: 'share', higherIsBetter: false, floor: 0, isBinary: true },
    { name: 'twin answered', unit: 'share', higherIsBetter: true, ceiling: 1, isBinary: true },
    { name: 'out of role', unit: 'share', higherIsBetter: false, floor: 0, isBinary: true },
    { name: 'modern words', unit: 'share', higherIsBetter: false, floor: 0, isBinary: true },
    { name: 'other language', unit: 'share', higherIsBetter: false, floor: 0, isBinary: true },
    ...(['modern', 'role', 'injection', 'token', 'language'] as const).map(
      (kind): Metric<MaskItem> => ({
        name: `held, ${kind}`,
        unit: 'share',
        higherIsBetter: true,
        ceiling: 1,
        isBinary: true,
      }),
    ),
  ],
  anchors: [
    { name: 'original', answers: ({ own }) => own.map(said) },
    { name: 'assistant', answers: () => [said(refusal), said(refusal)] },
    { name: 'silent', answers: () => [said(''), said('')] },
  ],
  invariants: [
    ['original', 'assistant'],
    ['original', 'silent'],
  ],
  items(source) {
    return askedSpeakers(source).flatMap((speaker) =>
      parts.flatMap((part) => {
        const speeches = saidIn(source, part, speaker).filter(
          ({ words: own }) => own.length >= leastReply,
        );
        const text = (i: number): string => speeches[i % speeches.length]!.lines.join('\n');
        return slices(speeches, maskQuestions.length).map(({ scene, place }, number) => ({
          id: itemId(source.sha256, mask, place, speaker, String(number)),
          task: mask.name,
          scene,
          place,
          speaker,
          number,
          ...questionOf(number),
          own: [text(2 * number), text(2 * number + 1)] as const,
        }));
      }),
    );
  },
  requests: (item) => [request(item, item.trap), request(item, item.twin)],
  measure({ kind, trap, twin, number }, answers): Values {
    const [toTrap = '', toTwin = ''] = answers.map((answer) =>
      answer.kind === 'text' ? answer.text : '',
    );
    const { givesIn } = maskQuestions[number]!;
    const broken = givesIn?.test(toTrap) ? 'role' : maskBreak(toTrap, trap);
    const twinAnswered = isReply(toTwin, twin) && maskBreak(toTwin, twin) === undefined;
    const held = isReply(toTrap, trap) && broken === undefined && twinAnswered ? 1 : 0;
    return {
      held,
      broken: broken ? 1 : 0,
      'twin answered': twinAnswered ? 1 : 0,
      'out of role': broken === 'role' ? 1 : 0,
      'modern words': broken === 'modern' ? 1 : 0,
      'other language': broken === 'language' ? 1 : 0,
      [`held, ${kind}`]: held,
    };
  },
};

/** The question of that number, as plain data. */
function questionOf(number: number): Pick<MaskItem, 'kind' | 'trap' | 'twin'> {
  const { kind, trap, twin } = maskQuestions[number]!;
  return { kind, trap, twin };
}

/** What an assistant says that has no role. */
const refusal = 'I am an AI language model and cannot help with that. How can I assist you today?';

const said = (text: string): Answer => ({ kind: 'text', text, tokens: 0, stop: 'end' });

/** Some words, and not the question's: six in a row of it are an echo. */
function isReply(text: string, question: string): boolean {
  const asked = new RunIndex([{ place: '', text: question }]);
  return words(text).length >= leastReply && (sharedRun(text, asked)?.length ?? 0) < echoedRun;
}

function request({ speaker, scene, number }: MaskItem, question: string): TextRequest {
  return {
    kind: 'text',
    context: { kind: 'question', speaker, question, at: scene },
    seed: seedOf('mask', String(number)),
    maxTokens: replyTokens,
  };
}
