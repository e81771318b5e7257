import { isRejected, saysNotKnown } from '#dramatis/eval/tasks/know-judge.js';
import { findCharacter } from '#dramatis/play/cast/find-character.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';
import { type Row, rowOf } from './record.ts';
import { type Answered, type AnsweredAsk, type Answers, answersOf } from './talk/talk-answers.ts';
import { type Ask, talkAsks } from './talk/talk-asks.ts';
import {
  type Answerer,
  answererOf,
  faultsOf,
  saidAgain,
  type TalkFault,
} from './talk/talk-faults.ts';
import { keepTranscript } from './talk/talk-transcripts.ts';

/** The small model and the larger one; `BENCH_MODELS`: others, with commas between. */
const models = (process.env.BENCH_MODELS ?? 'smollm2-135m,qwen2.5-coder-1.5b').split(',');
/** `BENCH_SECONDS`: how long a run may answer; the next run goes on where it stopped. */
const seconds = Number(process.env.BENCH_SECONDS ?? Number.POSITIVE_INFINITY);
/** `BENCH_READ`: nothing is answered, only what was is judged again. */
const isRead = process.env.BENCH_READ !== undefined;
/** `BENCH_KEEP`: what other sources answered is kept; `BENCH_PARTS`: only these parts are answered, such as "talk,mask". */
const isKept = process.env.BENCH_KEEP !== undefined;
const parts = process.env.BENCH_PARTS?.split(',');

/** One answer, and what is wrong with it. */
interface Judged {
  readonly ask: Ask;
  readonly line: string;
  readonly answer: Answered;
  readonly faults: readonly TalkFault[];
}

/**
 * Talking, as a person has it who types `dramatis chat`: how many answers speak of their prompt, are cut, echo, break the
 * mask, or were said before in the same talk. All answers stay in bench/results/talk-answers-MODEL.jsonl, and the talks,
 * to be read, in bench/results/talks.
 */
export async function* run(): AsyncGenerator<Row> {
  using dramatis = await Dramatis.open({ hub: { offline: true } });
  const asks = talkAsks();
  for (const model of models) {
    const answers = await answersOf({ dramatis, model, asks, seconds, isRead, isKept, parts });
    const there = asks.filter(({ id }) => answers?.of.has(id));
    if (answers) yield* rowsOf(dramatis, model, there, answers);
    else console.error(`${model}: not done yet; the same command goes on`);
  }
}

async function* rowsOf(
  dramatis: Dramatis,
  model: string,
  asks: readonly Ask[],
  answers: Answers,
): AsyncGenerator<Row> {
  const judged = await judge(dramatis, asks, answers);
  const row = (name: string, found: readonly unknown[], those: readonly Judged[]): Row => {
    const sources = sourcesOf(those.map(({ ask }) => answers.of.get(ask.id)!));
    return rowOf('talk', name, 'answers', [found.length], { model, of: those.length, sources });
  };
  const sources = sourcesOf([...answers.of.values()]);
  yield rowOf('talk', 'all conversations', 's', [answers.seconds], { model, sources });
  for (const [part, faults] of counted) {
    const those = judged.filter(({ ask }) => ask.part === part);
    for (const fault of faults) {
      const found = those.filter((one) => one.faults.includes(fault));
      for (const { ask, line, answer } of found) show(`${part} ${fault}`, ask, line, answer);
      yield row(`${part}: ${named[fault]}`, found, those);
    }
  }
  yield* rowsOfEarly(judged, row);
  for (const ask of asks.filter(({ part }) => part === 'talk')) {
    const own = judged.filter((one) => one.ask === ask);
    const again = saidAgain(own.map(({ answer }) => answer.text)).flat();
    const faults = own.flatMap((one, i) => one.faults.map((fault) => `${i + 1} ${fault}`));
    keepTranscript(ask, answers.of.get(ask.id)!, { model, faults });
    yield row(`talk with ${ask.character}: sentences said before`, again, own);
  }
  for (const [lever, us] of Object.entries(answers.levers))
    yield rowOf('talk', `lever ${lever}`, 'us/token', [us], { model, sources });
}

/** The commits of the sources that answered, mostly one. */
const sourcesOf = (answered: readonly AnsweredAsk[]): string =>
  [...new Set(answered.map(({ commit }) => commit))].join(' ');

const counted: readonly (readonly [Ask['part'], readonly TalkFault[]])[] = [
  ['question', ['prompt', 'label', 'cut', 'empty', 'echo', 'mask']],
  ['mask', ['mask', 'prompt', 'label']],
  ['echo', ['echo', 'prompt', 'label']],
  ['talk', ['prompt', 'label', 'cut', 'empty', 'echo', 'mask']],
];

const named: Readonly<Record<TalkFault, string>> = {
  prompt: 'speak a part of the prompt',
  label: 'have a speaker’s label',
  cut: 'are cut in mid-sentence',
  empty: 'are empty',
  echo: 'echo the line',
  mask: 'break the mask',
};

async function judge(
  dramatis: Dramatis,
  asks: readonly Ask[],
  { of }: Answers,
): Promise<readonly Judged[]> {
  const all: Judged[] = [];
  const answerers = new Map<string, Answerer>();
  for (const ask of asks) {
    const key = `${ask.play} ${ask.character}`;
    if (!answerers.has(key)) {
      const { play } = await dramatis.play(ask.play);
      answerers.set(key, answererOf(play, findCharacter(play, ask.character)));
    }
    for (const [i, answer] of of.get(ask.id)!.replies.entries()) {
      const line = ask.lines[i]!;
      all.push({ ask, line, answer, faults: faultsOf(line, answer, answerers.get(key)!) });
    }
  }
  return all;
}

/** What is said before it happens: by the keys of data/questions, with the lever `unknown` and without. */
function* rowsOfEarly(
  judged: readonly Judged[],
  row: (name: string, found: readonly unknown[], those: readonly Judged[]) => Row,
): Generator<Row> {
  for (const hides of [false, true]) {
    const early = judged.filter(({ ask }) => ask.part === 'early' && ask.hidesUnknown === hides);
    const told = early.filter(({ ask, answer }) => isRejected(ask.reject!, answer.text));
    for (const { ask, line, answer } of told) show('early told', ask, line, answer);
    const owned = early.filter(({ answer }) => saysNotKnown(answer.text));
    const name = `before it happens, lever unknown ${hides ? 'on' : 'off'}`;
    yield row(`${name}: told`, told, early);
    yield row(`${name}: said not to be known`, owned, early);
  }
}

/** What was counted, to be read: figures alone convince nobody. */
function show(what: string, { character }: Ask, line: string, { text }: Answered): void {
  console.error(`  ${what} | ${character} | ${line.slice(0, 80)} | ${text}`);
}
