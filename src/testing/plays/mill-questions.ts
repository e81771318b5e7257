import { type QuestionFile, readQuestions } from '../../eval/tasks/know-questions.ts';

/** Questions about The Mill at Varn as lines of a file: two that can be known, and one of each kind that cannot. */
export const millLines: readonly Readonly<Record<string, unknown>>[] = [
  { format: 'dramatis-questions', version: 1, play: 'mill' },
  {
    id: 'rolf-letter',
    character: 'ROLF',
    question: 'Who brought you a letter?',
    answer: 'Oswin did.',
    accept: ['oswin'],
    choices: ['Berta did.', 'The priest did.', 'My father did.'],
    gold: [{ from: '1.1.6', end: '1.1.7' }],
  },
  {
    id: 'tilda-sluice',
    character: 'TILDA',
    question: 'Why was there no water?',
    answer: 'I turned the sluice and sold the water.',
    accept: [['sluice', 'sold'], ['\\bI\\b']],
    reject: ['\\bBerta (turned|sold)'],
    choices: ['I let the frost take it.', 'I drank it with the village.', 'I asked for no rain.'],
    gold: [
      { from: '1.1.4', end: '1.1.4' },
      { from: '2.1.1', end: '2.1.2' },
    ],
  },
  {
    id: 'rolf-before-sluice',
    character: 'ROLF',
    question: 'Who took the water?',
    at: '1.1',
    unknown: 'before',
    reject: ['tilda', 'mistress'],
    scene: '2.1',
  },
  {
    id: 'rolf-never-chain',
    character: 'ROLF',
    question: 'Who saw the grease on the chain?',
    unknown: 'never',
    reject: ['oswin', 'berta'],
    scene: '1.2',
  },
  {
    id: 'tilda-outside',
    character: 'TILDA',
    question: 'What is a telephone?',
    unknown: 'outside',
    reject: ['wires?', 'device'],
  },
];

/** Lines of a file of questions, as they are read. */
export function questionsOf(lines: readonly Readonly<Record<string, unknown>>[]): QuestionFile {
  return readQuestions(lines.map((line) => JSON.stringify(line)).join('\n'), 'mill.jsonl');
}
