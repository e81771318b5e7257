/**
 * Makes data/turn-model.json, by which the stage draws who speaks next: fitted on the train scenes of Hamlet and Macbeth,
 * and checked on what it was not fitted on. Run after `tsc`, when a play, its parts or the features have changed; a test
 * says when that is due. Fetches the plays that are not here.
 *
 *   node .ci/turn-model.mjs
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { splitOf } from '#dramatis/corpus/splits/split.js';
import { splitHash } from '#dramatis/corpus/splits/split-hash.js';
import { plays as catalogue } from '#dramatis/hub/catalogue.js';
import { softmax } from '#dramatis/measure/statistics/softmax.js';
import { sceneTurns } from '#dramatis/play/scene-turns.js';
import { addressRows } from '#dramatis/stage/address-rows.js';
import { fitTurnModel } from '#dramatis/stage/fit-turn-model.js';
import { turnFeatures } from '#dramatis/stage/turn-features.js';
import { scoreOf, turnModelHash } from '#dramatis/stage/turn-model.js';
import { turnRows } from '#dramatis/stage/turn-rows.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';

const path = resolve(import.meta.dirname, '../data/turn-model.json');
const fittedOn = ['hamlet', 'macbeth'];
const dramatis = await Dramatis.open();

/** Choices by part; of plays that nothing was fitted on, in one part. */
const parts = { train: [], dev: [], holdout: [], 'other plays': [] };
const addresses = { train: [], dev: [], holdout: [], 'other plays': [] };
const plays = [];
/** In turns, of the train scenes. */
const sceneLengths = [];
for (const entry of catalogue()) {
  const { id, play, sha256 } = await dramatis.play(entry.id);
  const split = fittedOn.includes(id) && splitOf(id, play);
  const partOf = ({ scene }) => (split ? split.partOf(scene) : 'other plays');
  for (const row of turnRows(play)) parts[partOf(row)].push(row);
  for (const row of addressRows(play)) addresses[partOf(row)].push(row);
  if (!split) continue;
  plays.push({ id, sha256, split: splitHash(play, split) });
  for (const { scene, turns } of sceneTurns(play))
    if (split.partOf(scene) === 'train') sceneLengths.push(turns.length);
}

const weights = fitTurnModel(parts.train).map(rounded);
const addressWeights = fitTurnModel(addresses.train).map(rounded);
const silence = rounded(1 / mean(sceneLengths));
const candidates = parts.train.flatMap(({ features }) => features);
const file = {
  version: 1,
  about:
    'Who speaks next, as a conditional logit: a candidate\'s score is the sum of features times weights. Made by .ci/turn-model.mjs from the train scenes of the plays named. "means": of each feature over the candidates. "addressWeights": of the same features, where the choice is whom to speak to; fitted on the train turns that call one of several by name. "silence": how likely a scene is to end after a turn. "checked": by part, over choices from the third turn of a scene on; nats a choice of this model and of two that know less: "even" draws lots, "aba" gives .7 to who spoke before last. "accuracy": how often the likeliest does speak, who spoke before last (aba), and whose turn it is in a round. "of several": the choices with two candidates or more.',
  hash: turnModelHash({ weights, addressWeights, silence }),
  features: turnFeatures,
  weights,
  addressWeights,
  silence,
  means: turnFeatures.map((_, i) => rounded(mean(candidates.map((row) => row[i])))),
  plays,
  checked: Object.fromEntries(
    Object.entries(parts).map(([part, rows]) => [
      part,
      {
        all: figures(rows),
        'of several': figures(rows.filter((row) => row.candidates.length > 1)),
      },
    ]),
  ),
  'addresses checked': Object.fromEntries(
    Object.entries(addresses).map(([part, rows]) => [part, addressFigures(rows)]),
  ),
};
writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
console.log(JSON.stringify([file.checked, file['addresses checked']], null, 2));
dramatis[Symbol.dispose]();

function figures(rows) {
  const nats = (oddsOf) => rounded(mean(rows.map((row) => -Math.log(oddsOf(row)[row.chosen]))));
  const accuracy = (oddsOf) =>
    rounded(
      mean(
        rows.map((row) => {
          const odds = oddsOf(row);
          const most = Math.max(...odds);
          const likeliest = odds.filter((p) => p === most).length;
          return odds[row.chosen] === most ? 1 / likeliest : 0;
        }),
      ),
    );
  return {
    choices: rows.length,
    nats: { 'turn model': nats(model), aba: nats(aba), even: nats(even) },
    accuracy: {
      'turn model': accuracy(model),
      aba: accuracy(aba),
      'round robin': accuracy(roundRobin),
      even: accuracy(even),
    },
  };
}

/** Turns that call somebody by name. */
function addressFigures(rows) {
  const nats = (oddsOf) => rounded(mean(rows.map((row) => -Math.log(oddsOf(row)[row.chosen]))));
  return {
    turns: rows.length,
    nats: {
      'turn model': nats(({ features }) =>
        softmax(features.map((row) => scoreOf(addressWeights, row))),
      ),
      'last speaker': nats(({ features }) => {
        // .7 to who spoke last: "1 / turns since last spoke" is 1.
        const last = features.findIndex((row) => row[2] === 1);
        const others = features.length - 1;
        return features.map((_, i) =>
          last === -1 ? 1 / features.length : i === last ? 0.7 : 0.3 / others,
        );
      }),
      even: nats(({ features }) => features.map(() => 1 / features.length)),
    },
  };
}

function model({ features }) {
  return softmax(features.map((row) => scoreOf(weights, row)));
}

function aba({ candidates, speakers }) {
  const before = candidates.indexOf(speakers.at(-2));
  if (before === -1 || candidates.length === 1) return even({ candidates });
  return candidates.map((_, i) => (i === before ? 0.7 : 0.3 / (candidates.length - 1)));
}

function even({ candidates }) {
  return candidates.map(() => 1 / candidates.length);
}

function roundRobin({ candidates, speakers }) {
  const next = candidates.find((name) => name > speakers.at(-1)) ?? candidates[0];
  return candidates.map((name) => Number(name === next));
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value) {
  return Number(value.toFixed(4));
}
