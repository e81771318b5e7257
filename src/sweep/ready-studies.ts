import { askedOf, playedOf, type Study } from './study.ts';

const [hamlet, macbeth] = [
  { name: 'hamlet', play: 'hamlet' },
  { name: 'macbeth', play: 'macbeth' },
];
const persons = [
  hamlet,
  { name: 'ophelia', play: 'hamlet' },
  { name: 'claudius', play: 'hamlet' },
  { name: 'lady macbeth', play: 'macbeth' },
  macbeth,
  { name: 'banquo', play: 'macbeth' },
];

/** Rows that teach how a character speaks, and with them what it remembers: questions made of the digests. */
const withDigests = 'scene,know';

/** Who is on stage, by exact rewards, on plays that neither Hamlet nor Macbeth is in: what is learned is no play's. */
const onStage = { reinforce: 'stage' };
/** One character of each play stands for it: `stage` asks about everybody, whoever is named. */
const oneOfEachPlay = ['hamlet', 'macbeth'];

/**
 * The study of the final report: small against large, prompted against trained, one against two and four.
 *
 * Prompted: the model with persona and memory. Adapter: trained on the character's scenes. Digests: on questions about what
 * it witnessed, too. Reinforced: taught by rewards who is on stage, on ten other plays; all characters share it.
 */
export const fullStudy: Study = {
  models: ['smollm2-135m', 'gemma3-270m', 'qwen2.5-coder-1.5b'],
  characters: persons,
  recipes: {
    prompted: null,
    adapter: {},
    'adapter-digests': { kinds: withDigests },
    reinforced: {
      ...onStage,
      plays:
        'alls-well-that-ends-well,comedy-of-errors,henry-v,merchant-of-venice,merry-wives-of-windsor,richard-ii,as-you-like-it,much-ado-about-nothing,richard-iii,twelfth-night',
    },
  },
  seeds: [1],
  levers: ['off'],
  tasks: [
    'know',
    'who voice bits cue',
    'style mask keep',
    'cloze',
    { tasks: 'stage', characters: oneOfEachPlay },
    { tasks: 'know', recipes: ['prompted'], without: ['persona', 'memory'] },
  ],
  scenes: { tasks: 'duet quartet' },
  speed: { benches: 'speed train adapters stage' },
  eval: { limit: 100 },
};

const [small, large] = ['smollm2-135m', 'qwen2.5-coder-1.5b'];

/**
 * The part of the full study that two cores do in forty minutes: one model is trained, for one epoch, or for a few steps from
 * rewards. Both are asked all of `know` that is held out, since few of its items have a right answer; of the rest the large
 * one, ten times slower, is asked as much as there is time for. Controls that ask the model are left out: they test the tasks, and no figure of the report needs them.
 */
export const smallStudy: Study = {
  models: [small, large],
  trained: [small],
  characters: [hamlet, macbeth],
  recipes: {
    prompted: null,
    adapter: { epochs: 1 },
    'adapter-digests': { epochs: 1, kinds: withDigests },
    reinforced: {
      ...onStage,
      ...{ plays: 'comedy-of-errors,merchant-of-venice,twelfth-night', lr: 3e-4 },
      ...{ steps: 40, batch: 1024, 'looks-every': 20, 'look-pages': 8 },
    },
  },
  seeds: [1],
  levers: ['off'],
  tasks: [
    { tasks: 'know', models: [small], limit: 'all' },
    {
      ...{ tasks: 'know', models: [small], characters: [macbeth.name], limit: 'all' },
      ...{ recipes: ['prompted'], without: ['persona', 'memory'] },
    },
    { tasks: 'who bits cloze', models: [small], limit: 12 },
    { tasks: 'know', models: [large], limit: 'all' },
    { tasks: 'bits cloze', models: [large], limit: 8 },
    { tasks: 'stage', models: [small], limit: 40, recipes: ['prompted', 'reinforced'] },
  ],
  scenes: [
    { tasks: 'duet quartet', models: [small], limit: 2, seeds: 1, turns: 8 },
    { tasks: 'duet quartet', models: [large], limit: 1, seeds: 1, turns: 8 },
  ],
  speed: { benches: 'speed', repetitions: 1 },
  eval: { anchors: false },
};

/**
 * A study of other models. One that the study has keeps its part in it; another takes the part of one that is left out, in
 * their order, or else that of the last: what is asked of the small and of the large model differs. Where none is left of
 * those that the study trains, all are trained.
 */
export function withModels(study: Study, models: readonly string[]): Study {
  const free = study.models.filter((name) => !models.includes(name));
  const last = study.models.at(-1)!;
  const parts = models.map((name) => (study.models.includes(name) ? name : (free.shift() ?? last)));
  const standing = (names: readonly string[]): string[] =>
    models.filter((_, i) => names.includes(parts[i]!));
  const own = <Asked extends { models?: string[] }>(asked: readonly Asked[]): Asked[] =>
    asked
      .map((one) => (one.models ? { ...one, models: standing(one.models) } : one))
      .filter((one) => one.models?.length !== 0);
  const { trained, scenes: _, ...rest } = study;
  const scenes = own(playedOf(study));
  const left = standing(trained ?? []);
  return {
    ...rest,
    models: [...models],
    tasks: own(askedOf(study)),
    ...(scenes.length > 0 && { scenes }),
    ...(left.length > 0 && { trained: left }),
  };
}

/** A study whose tasks have so many threads each; what it says itself unless a number is given. */
export function withCpus(study: Study, cpus: number | undefined): Study {
  if (cpus === undefined) return study;
  const { train, eval: asked, scenes, speed } = study.resources ?? {};
  return {
    ...study,
    resources: {
      train: { ...train, cpus },
      eval: { ...asked, cpus },
      scenes: { ...scenes, cpus },
      speed: { ...speed, cpus },
    },
  };
}
