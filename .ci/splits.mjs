/**
 * Makes data/splits.json: the four folds of the catalogue's plays, and for each play the scenes for dev and holdout. Run
 * after `tsc` when a play is added; every play must be here ("dramatis pull" with all ids of "dramatis plays").
 *
 * What is noted stays as it is: only plays that have no entry yet get one, and all get their fold.
 *
 *   node .ci/splits.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findLeaks } from '#dramatis/corpus/gates/leaks.js';
import { devSlice } from '#dramatis/corpus/splits/dev-slice.js';
import { heldOutWhole } from '#dramatis/corpus/splits/play-folds.js';
import { sceneGroups } from '#dramatis/corpus/splits/scene-groups.js';
import { scenesOf } from '#dramatis/corpus/splits/scenes-of.js';
import { searchSplit } from '#dramatis/corpus/splits/search-split.js';
import { mainCharacters } from '#dramatis/eval/main-characters.js';
import { plays } from '#dramatis/hub/catalogue.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';

const path = resolve(import.meta.dirname, '../data/splits.json');
const before = JSON.parse(readFileSync(path, 'utf8'));
/** Plays that persons of one go on into another: they are held out together. */
const sequels = [
  ['richard-ii', 'henry-iv-part-1', 'henry-iv-part-2', 'henry-v', 'merry-wives-of-windsor'],
  ['henry-vi-part-1', 'henry-vi-part-2', 'henry-vi-part-3', 'richard-iii'],
  ['julius-caesar', 'antony-and-cleopatra'],
];
const folds = 4;
/** Words of a main character that dev must have, and the most a part may take of all words. */
const enoughInDev = 30;
const mostDev = 0.25;

const dramatis = await Dramatis.open();
const sources = new Map();
for (const { id } of plays()) sources.set(id, await dramatis.source({ play: id }));
dramatis[Symbol.dispose]();

const entries = [...sources].map(([id, { play }]) => {
  const noted = before.plays.find((one) => one.id === id);
  return noted ?? { id, scenes: scenesOf(play).join(' '), ...partsOf(play) };
});
const foldOf = foldsOf();
const file = {
  ...before,
  version: 2,
  about:
    'Which scenes of a play a model may be trained on, and which plays are held out together. `fold`: plays of one of the four are held out whole while a model learns from the others; plays that share persons are in one, Hamlet and Macbeth are not. `scenes`: those of the editions this holds for. What is neither `dev` nor `holdout` is train. `allowed`: runs of eight words that may stand in two parts, each with the reason. Made by .ci/splits.mjs, but for Hamlet and Macbeth.',
  plays: entries.map(({ id, scenes, dev, holdout }) => ({
    id,
    fold: foldOf.get(id),
    scenes,
    dev,
    holdout,
  })),
};
writeFileSync(path, textOf(file));

for (let fold = 0; fold < folds; fold++) {
  const ids = [...foldOf].filter(([, own]) => own === fold).map(([id]) => id);
  const words = ids.reduce((sum, id) => sum + wordsOf(id), 0);
  console.log(`fold ${fold}: ${words} words: ${ids.join(', ')}`);
  const divided = [...sources].map(([id, { play, split }]) => ({
    play,
    split: foldOf.get(id) === fold ? heldOutWhole(split) : { ...split, partOf: () => 'train' },
  }));
  const { leaks, rare } = findLeaks(divided);
  for (const { place, run } of leaks) console.log(`  ${place} "${run.words}" also ${run.place}`);
  console.log(`  ${leaks.length} leaks; six words: ${rare.shared} of ${rare.all}`);
}
for (const [id, { play }] of sources) {
  const { dev, holdout } = file.plays.find((one) => one.id === id);
  const split = {
    partOf: (s) => (dev.includes(s) ? 'dev' : holdout.includes(s) ? 'holdout' : 'train'),
  };
  const { leaks } = findLeaks([{ play, split }]);
  for (const { place, run } of leaks)
    console.log(`${id} ${place} "${run.words}" also ${run.place}`);
  const groups = sceneGroups(play);
  const silent = mainCharacters(play).filter((name) => saidIn(groups, dev, name) === 0);
  const sliceless = silent.filter((name) => {
    const character = play.cast.find((member) => member.name === name);
    return !devSlice({
      id,
      play,
      sha256: '',
      split: { ...split, folds: 5, foldOf: () => 0 },
      character,
    });
  });
  if (silent.length > 0)
    console.log(
      `${id}: dev is a slice of train for ${silent.length - sliceless.length}, and missing for ${sliceless.join(', ') || 'nobody'}`,
    );
}

/** The search's parts, with train scenes put into dev until every main character says something there. */
function partsOf(play) {
  const groups = sceneGroups(play);
  const parts = searchSplit(groups);
  const of = (part) => [...parts].filter(([, own]) => own === part).map(([scene]) => scene);
  const [dev, holdout] = [of('dev'), of('holdout')];
  const main = mainCharacters(play);
  const all = groups.reduce((sum, { words }) => sum + words, 0);
  const inDev = () =>
    groups
      .filter(({ scenes }) => dev.includes(scenes[0]))
      .reduce((sum, { words }) => sum + words, 0);
  for (;;) {
    const silent = main.filter((name) => saidIn(groups, dev, name) < enoughInDev);
    if (silent.length === 0) break;
    const gains = groups
      .filter(({ scenes, words }) => {
        const isTrain = scenes.every((scene) => !dev.includes(scene) && !holdout.includes(scene));
        return isTrain && inDev() + words <= mostDev * all;
      })
      .map((group) => ({
        group,
        gain: silent.filter((name) => (group.bySpeaker.get(name) ?? 0) >= enoughInDev).length,
      }))
      .filter(({ gain }) => gain > 0)
      .sort((a, b) => a.group.words / a.gain - b.group.words / b.gain);
    if (!gains[0]) break;
    dev.push(...gains[0].group.scenes);
  }
  const inOrder = groups.flatMap(({ scenes }) => scenes).sort(byPlace);
  return {
    dev: inOrder.filter((scene) => dev.includes(scene)),
    holdout: inOrder.filter((scene) => holdout.includes(scene)),
  };
}

function saidIn(groups, scenes, name) {
  return groups
    .filter((group) => scenes.includes(group.scenes[0]))
    .reduce((sum, { bySpeaker }) => sum + (bySpeaker.get(name) ?? 0), 0);
}

function byPlace(a, b) {
  const [[act, scene], [other, within]] = [a, b].map((place) => place.split('.').map(Number));
  return act - other || scene - within;
}

/** The longest first, each to the fold with fewest words; Hamlet in 0, Macbeth in 1. */
function foldsOf() {
  const fixed = new Map([
    ['hamlet', 0],
    ['macbeth', 1],
  ]);
  const loads = new Array(folds).fill(0);
  for (const [id, fold] of fixed) loads[fold] += wordsOf(id);
  const together = new Set(sequels.flat());
  const units = [
    ...sequels,
    ...[...sources.keys()].filter((id) => !fixed.has(id) && !together.has(id)).map((id) => [id]),
  ].map((ids) => ({ ids, words: ids.reduce((sum, id) => sum + wordsOf(id), 0) }));
  const found = new Map(fixed);
  for (const { ids, words } of units.sort((a, b) => b.words - a.words)) {
    const fold = loads.indexOf(Math.min(...loads));
    loads[fold] += words;
    for (const id of ids) found.set(id, fold);
  }
  return new Map([...sources.keys()].map((id) => [id, found.get(id)]));
}

function wordsOf(id) {
  return sceneGroups(sources.get(id).play).reduce((sum, { words }) => sum + words, 0);
}

/** Lists of scenes on one line, as biome writes them where they fit. */
function textOf(value) {
  const text = JSON.stringify(value, null, 2).replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, list) => {
    return `[${list.replace(/\s+/g, ' ')}]`;
  });
  return `${text}\n`;
}
