import type { Argv } from 'yargs';
import { playFolds } from '../../corpus/splits/play-folds.ts';
import {
  type ChoiceRecipe,
  choiceControls,
  choiceDefaults,
} from '../../reinforce/choice-recipe.ts';
import { choiceTasks } from '../../reinforce/choice-tasks.ts';
import {
  replyControls,
  replyDefaults,
  replyMethods,
  replySamplers,
} from '../../reinforce/replies/reply-recipe.ts';
import { defineCommand, defineGroup } from '../define-command.ts';
import { computeOptions, modelOption, numberFrom } from '../options/model-options.ts';
import { count, layersOption, number, trainerOptions } from '../options/trainer-options.ts';

const names = choiceTasks.map(({ name }) => name);

const listFrom = (given: string | undefined): readonly string[] | undefined =>
  given?.split(',').map((name) => name.trim());

/** What every way of learning from rewards has; `defaults`: of its recipe. */
const rewardOptions = <T>(
  yargs: Argv<T>,
  defaults: Pick<ChoiceRecipe, 'steps' | 'patience' | 'looksEvery' | 'rank' | 'rate' | 'seed'>,
) =>
  yargs
    .option('on', {
      type: 'string',
      requiresArg: true,
      describe: 'Learn on top of this version; both act together',
    })
    .option('steps', count('--steps', defaults.steps, 1, 1_000_000, 'Steps, at most'))
    .option('minutes', {
      type: 'string',
      requiresArg: true,
      coerce: numberFrom('--minutes', 0, 1_000_000),
      describe: 'End after so many minutes with the best so far',
    })
    .option(
      'patience',
      count(
        '--patience',
        defaults.patience,
        1,
        1000,
        'Looks at the shadow without a better one before the end',
      ),
    )
    .option(
      'looks-every',
      count('--looks-every', defaults.looksEvery, 1, 1_000_000, 'Steps between two looks'),
    )
    .option('rank', count('--rank', defaults.rank, 1, 1024, 'Rank of the adapter'))
    .option('lr', number('--lr', defaults.rate, 1e-8, 1, 'Rate of AdamW after the warm-up'))
    .option('seed', count('--seed', defaults.seed, 0, 2 ** 32 - 1, 'Of all that is drawn'));

const recipeOptions = (yargs: Argv) =>
  rewardOptions(modelOption(computeOptions(yargs)), choiceDefaults)
    .option('tasks', {
      type: 'string',
      default: names[0]!,
      requiresArg: true,
      coerce: listFrom,
      describe: `What is learned, with commas; there is ${names.join(', ')}`,
    })
    .option('plays', {
      type: 'string',
      requiresArg: true,
      coerce: listFrom,
      describe:
        'Plays to learn from, a,b,c; all of "dramatis plays" that are not held out unless given',
    })
    .option(
      'play-fold',
      count('--play-fold', 0, 0, playFolds - 1, 'Fold of four whose plays are held out, whole'),
    )
    .option('form', {
      choices: ['chat', 'script'] as const,
      describe: "How questions are written: the model's chat template, or the page of a play",
    })
    .option(
      'look-pages',
      count('--look-pages', choiceDefaults.lookPages, 1, 1_000_000, 'Shadow pages a look asks'),
    )
    .option(
      'batch',
      count('--batch', choiceDefaults.batchTokens, 64, 1_048_576, 'Tokens of a step: about a page'),
    )
    .option('layers', layersOption)
    .option('control', {
      choices: choiceControls,
      default: choiceDefaults.control,
      describe: '"permuted" deals the rewards anew; "likelihood" learns right answers as any text',
    });

const options = (yargs: Argv) =>
  trainerOptions(recipeOptions(yargs))
    .example(
      '$0 reinforce choice',
      'Learn who is on stage from 29 plays; those of fold 0 are never seen',
    )
    .example('$0 reinforce choice --plays macbeth,othello --steps 40', 'From two plays')
    .example('$0 reinforce choice --resume', 'Go on after Ctrl-C, kill -9 or a power cut')
    .example(
      '$0 eval stage --canon --play-fold 0 --split all --adapter 3f9a',
      'What came of it, on plays never seen',
    )
    .epilogue(
      'The score of an answer is its log-probability after the page, less that without the page before training. The exact gradient of the expected reward is followed: nothing is sampled, so this is supervised learning with a bounded loss. A fifth of the questions, the shadow, is never learned; the run ends when it gets no better.',
    );

const choice = defineCommand({
  command: 'choice',
  describe: 'Learn to choose right answers of benchmark tasks, on whole plays',
  builder: options,
  async handler(given) {
    const { runReinforce } = await import('./run-reinforce.ts');
    const { tasks, form, steps, patience, rank, lr, batch, seed, control } = given;
    const recipe = {
      ...{ form, steps, patience, rank, seed, control },
      ...(given.layers && { layers: given.layers }),
      rate: lr,
      batchTokens: batch,
      looksEvery: given['looks-every'],
      lookPages: given['look-pages'],
    };
    await runReinforce({ ...given, tasks: tasks ?? [], heldOutFold: given['play-fold'], recipe });
  },
});

const replyOptions = (yargs: Argv) =>
  trainerOptions(rewardOptions(modelOption(computeOptions(yargs)), replyDefaults))
    .positional('character', {
      type: 'string',
      demandOption: true,
      describe: 'Name in the cast, such as "Hamlet"',
    })
    .option('play', {
      type: 'string',
      requiresArg: true,
      describe:
        'Id from "dramatis plays", or a file; by default the one play that has the character',
    })
    .option('method', {
      choices: replyMethods,
      default: 'raft' as const,
      describe: '"raft" learns the best reply to each question; "rloo" learns from all',
    })
    .option('sampler', {
      choices: replySamplers,
      default: replyDefaults.sampler,
      describe: 'From what replies are drawn; "chat", cooler and without its tail, for raft alone',
    })
    .option('form', {
      choices: ['chat', 'script'] as const,
      describe: "How the character is asked: the model's chat template, or the page of a play",
    })
    .option(
      'questions',
      count('--questions', replyDefaults.questions, 1, 64, 'Questions of a step'),
    )
    .option('replies', count('--replies', replyDefaults.replies, 1, 64, 'Replies to each question'))
    .option(
      'tokens',
      count('--tokens', replyDefaults.replyTokens, 4, 1024, 'Tokens of a reply, at most'),
    )
    .option(
      'penalty',
      number('--penalty', replyDefaults.penalty, 0, 100, 'Of distance from the policy before'),
    )
    .option(
      'look-questions',
      count('--look-questions', replyDefaults.lookQuestions, 1, 60, 'Shadow questions of a look'),
    )
    .option('control', {
      choices: replyControls,
      default: replyDefaults.control,
      describe: '"permuted" deals the rewards anew: nothing is to be learned then',
    })
    .example('$0 reinforce replies Hamlet', 'Learn from the best of four replies to each question')
    .example('$0 reinforce replies Hamlet --method rloo --on 3f9a', 'On top of a trained version')
    .example('$0 reinforce replies Hamlet --resume', 'Go on after Ctrl-C, kill -9 or a power cut')
    .epilogue(
      'A reply is worth nothing unless it passes all gates (length, role, vocabulary, nothing copied, nothing said twice, words in an order), and then the mean of how much it is like the character, fits its question, names whom it is asked for, and keeps length and address; none counts beyond the median of the printed speeches. A fifth of the questions, the shadow, is never learned; the run ends when it gets no better, or when the replies run away from where they began.',
    );

const replies = defineCommand({
  command: 'replies <character>',
  describe: 'Learn from replies that are drawn and rewarded',
  builder: replyOptions,
  async handler(given) {
    const { runReinforceReplies } = await import('./run-reinforce-replies.ts');
    const { method, sampler, form, steps, questions, penalty, patience, rank, lr, seed } = given;
    const recipe = {
      ...{ method, sampler, form, steps, questions, penalty, patience, rank, seed },
      control: given.control,
      replies: given.replies,
      replyTokens: given.tokens,
      rate: lr,
      looksEvery: given['looks-every'],
      lookQuestions: given['look-questions'],
    };
    await runReinforceReplies({ ...given, recipe });
  },
});

const report = defineCommand({
  command: 'report [runs..]',
  describe: 'Draw runs as one page: reward of what is learned beside that of the shadow',
  builder: (yargs: Argv) =>
    yargs
      .positional('runs', {
        type: 'string',
        array: true,
        default: [] as readonly string[],
        defaultDescription: 'the newest',
        describe: 'Folders that "dramatis reinforce" named',
      })
      .option('out', {
        type: 'string',
        default: '.',
        requiresArg: true,
        describe: 'Folder for reinforce.html',
      })
      .example('$0 reinforce report --out pages', 'The newest run, over or not')
      .example('$0 reinforce report RUN CONTROL', 'A run and its control in the same figures'),
  async handler({ runs, out }) {
    const { runReinforceReport } = await import('./run-reinforce-report.ts');
    await runReinforceReport(runs, out);
  },
});

export const reinforce = defineGroup({
  name: 'reinforce',
  describe: 'Teach a model what is rewarded; ends with an adapter version',
  commands: [choice, replies, report],
});
