import type { Phrase } from './ledger.ts';

/** A figure of the report, or why it is not there. */
export type StudyFigure =
  | {
      readonly kind: 'drawn';
      /** Name of its files, without an ending: "score-by-task". */
      readonly name: string;
      /** The finding that the figure shows, as a sentence. */
      readonly title: Phrase;
      /** What the marks mean, and what they were made from. */
      readonly caption: Phrase;
      readonly svg: string;
      /** What is drawn, a row a mark. */
      readonly table: readonly Readonly<Record<string, string | number | null>>[];
    }
  | {
      readonly kind: 'left out';
      readonly name: string;
      readonly title: string;
      /** One sentence. */
      readonly why: string;
      /** The command that would give it data. */
      readonly command: string;
    };
