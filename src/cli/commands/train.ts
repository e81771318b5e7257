import type { Argv } from 'yargs';
import { playFolds } from '../../corpus/splits/play-folds.ts';
import { type MatrixName, matrixNames } from '../../engine/matrix-names.ts';
import { objectiveNames } from '../../train/objectives/all.ts';
import { recipeDefaults } from '../../train/recipe.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../failure.ts';
import { computeOptions, modelOption, numberFrom, wholeFrom } from '../options/model-options.ts';
import { count, layersOption, number, trainerOptions } from '../options/trainer-options.ts';
import { rowOptions } from './corpus.ts';

const recipeOptions = (yargs: Argv) =>
  rowOptions(modelOption(computeOptions(yargs)))
    .positional('character', {
      type: 'string',
      describe: 'Name in the cast, such as hamlet or "lady macbeth"; none with --everyone',
    })
    .option('play', {
      type: 'string',
      requiresArg: true,
      describe:
        'Id from "dramatis plays", or a file; by default the one play that has the character',
    })
    .option('plays', {
      type: 'string',
      requiresArg: true,
      coerce: playsFrom,
      describe:
        'All who speak in these plays learn together, a,b,c or all: as --kinds page, --form script and --rank 32 unless given',
    })
    .option('play-fold', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--play-fold', 0, playFolds - 1),
      describe: 'With --plays: fold of four whose plays are held out, whole',
    })
    .option('on', {
      type: 'string',
      requiresArg: true,
      describe: 'Train on top of this version (of --everyone or --plays); both act together',
    })
    .option('from', {
      type: 'string',
      requiresArg: true,
      describe: 'Begin with what this version of the character has learnt',
    })
    .option('objective', {
      choices: objectiveNames,
      default: recipeDefaults.objective,
      describe:
        'Of rows of the kind contrast: "preference" for own words above those in their place',
    })
    .option(
      'beta',
      number('--beta', recipeDefaults.beta, 1e-4, 100, 'How soon a preference is strong enough'),
    )
    .option('form', {
      choices: ['chat', 'script'] as const,
      describe: "How rows are written: the model's chat template, or the page of a play",
    })
    .option('memory', {
      type: 'boolean',
      default: true,
      describe: 'Show some rows what the character remembers; --no-memory shows none',
    })
    .option('rank', {
      type: 'string',
      defaultDescription: String(recipeDefaults.rank),
      requiresArg: true,
      coerce: wholeFrom('--rank', 1, 1024),
      describe: 'Rank of the adapter',
    })
    .option('alpha', {
      type: 'string',
      requiresArg: true,
      coerce: numberFrom('--alpha', 0.001, 100_000),
      describe: 'The adapter counts alpha / rank; twice the rank unless given',
    })
    .option('rslora', {
      type: 'boolean',
      default: recipeDefaults.rankStabilised,
      describe: 'The adapter counts alpha / √rank instead',
    })
    .option('scope', {
      choices: ['context', 'turn'] as const,
      default: recipeDefaults.scope,
      describe: "What the adapter acts on: all that is read, or the character's own turns alone",
    })
    .option('dropout', number('--dropout', recipeDefaults.dropout, 0, 0.9, 'Inputs left out'))
    .option('layers', layersOption)
    .option('matrices', {
      type: 'string',
      default: matrixNames.join(','),
      requiresArg: true,
      coerce: matricesFrom,
      describe: 'Matrices to adapt, with commas',
    })
    .option('epochs', count('--epochs', recipeDefaults.epochs, 1, 1000, 'Times through the rows'))
    .option('lr', number('--lr', recipeDefaults.rate, 1e-8, 1, 'Highest rate of AdamW'))
    .option(
      'context',
      count('--context', recipeDefaults.context, 16, 65_536, 'Most tokens of a row'),
    )
    .option(
      'batch',
      count('--batch', recipeDefaults.batchTokens, 16, 1_048_576, 'Tokens of a step'),
    )
    .option(
      'patience',
      count(
        '--patience',
        recipeDefaults.patience,
        1,
        1000,
        'Evaluations of dev without a better one before the end',
      ),
    );

const options = (yargs: Argv) =>
  trainerOptions(recipeOptions(yargs))
    .option('promote', {
      type: 'boolean',
      default: false,
      describe: 'Measure what the gate wants, and put the version in use if it passes',
    })
    .example('$0 train hamlet', 'Ends with a version to try: chat hamlet --adapter ID')
    .example('$0 train hamlet --promote', 'Ends with a version in use: chat hamlet')
    .example('$0 train hamlet --resume', 'Go on after Ctrl-C, kill -9 or a power cut')
    .example('$0 train --everyone --play hamlet', "The play's own adapter")
    .example('$0 train --plays all --play-fold 0', 'Everybody in 29 plays, page by page')
    .example('$0 train ophelia --on 3f9a --kinds scene,contrast', 'What is hers, on top of it')
    .example(
      '$0 train hamlet --from 8b1c --kinds contrast --objective preference --epochs 1',
      "His words rather than another's",
    );

const playsFrom = (given: string | undefined): readonly string[] | 'all' | undefined =>
  given === 'all' ? given : given?.split(',').map((name) => name.trim());

function matricesFrom(given: string): MatrixName[] {
  return String(given)
    .split(',')
    .map((name) => {
      const matrix = matrixNames.find((known) => known === name.trim());
      if (!matrix)
        throw new UsageError(`--matrices has "${name}"; there are ${matrixNames.join(', ')}`);
      return matrix;
    });
}

export const train = defineCommand({
  command: 'train [character]',
  describe: 'Teach a model how a character speaks; ends with an adapter version',
  builder: options,
  async handler(given) {
    const { runTrain } = await import('./run-train.ts');
    const { objective, beta, form, rank, alpha, scope, dropout, layers, matrices } = given;
    const { epochs, context, patience, seed } = given;
    const recipe = {
      objective,
      beta,
      form,
      rank,
      alpha,
      scope,
      dropout,
      layers,
      matrices,
      epochs,
      context,
      patience,
      seed,
      rankStabilised: given.rslora,
      rate: given.lr,
      batchTokens: given.batch,
      rows: given,
    };
    await runTrain({ ...given, heldOutFold: given.playFold, recipe });
  },
});
