import type { Study } from './study.ts';

const princes = [
  { name: 'hamlet', play: 'hamlet' },
  { name: 'ophelia', play: 'hamlet' },
  { name: 'claudius', play: 'hamlet' },
  { name: 'lady macbeth', play: 'macbeth' },
  { name: 'macbeth', play: 'macbeth' },
  { name: 'banquo', play: 'macbeth' },
];

/** Rows that teach how a character speaks, and with them what it remembers: questions made of the digests. */
const withDigests = 'scene,know';

/**
 * The study of the final report: small against large, prompted against trained, one against two and four.
 *
 * Prompted: the model with persona and memory. Adapter: trained on the character's scenes. Digests: on questions about what
 * it witnessed, too. What reinforcement gives is no part of it until a recipe can ask for it.
 */
export const fullStudy: Study = {
  models: ['smollm2-135m', 'gemma3-270m', 'qwen2.5-coder-1.5b'],
  characters: princes,
  recipes: {
    prompted: null,
    adapter: {},
    'adapter-digests': { kinds: withDigests },
  },
  seeds: [1],
  levers: ['off'],
  tasks: ['know', 'who voice bits cue', 'style mask keep', 'cloze'],
  scenes: { tasks: 'duet quartet' },
  speed: { benches: 'speed train adapters stage' },
  eval: { limit: 100 },
};

/**
 * The part of the full study that two cores do in forty minutes: one model is trained, for one epoch, and a few items of each
 * task are asked.
 */
export const smallStudy: Study = {
  models: ['smollm2-135m', 'qwen2.5-coder-1.5b'],
  trained: ['smollm2-135m'],
  characters: [princes[0]!, princes[3]!],
  recipes: {
    prompted: null,
    adapter: { epochs: 1 },
    'adapter-digests': { epochs: 1, kinds: withDigests },
  },
  seeds: [1],
  levers: ['off'],
  tasks: ['know', 'who bits cloze'],
  scenes: { tasks: 'duet quartet', limit: 2, seeds: 1, turns: 8 },
  speed: { benches: 'speed', repetitions: 2 },
  eval: { limit: 6 },
};
