// Errors

// Characters who speak
export { Actor, type ActorOptions, type ReplyEvent } from './actor/actor.ts';
// The engine
export type { Adapter, AdapterScope } from './engine/adapter.ts';
export { type BatchGenerated, generateTogether, type Part } from './engine/batch.ts';
export type { ComputeOptions, Gpu, Threads } from './engine/compute.ts';
export { type UsableCores, usableCores } from './engine/cores.ts';
export type { Embedder } from './engine/embedder.ts';
export type { Grammar, GrammarMatcher } from './engine/grammar.ts';
export {
  byteGrammar,
  type GrammarExpression,
  type GrammarRule,
  type GrammarSyntax,
  grammarOfJsonSchema,
  parseGrammar,
  weighText,
} from './engine/grammar-syntax.ts';
export { type BankOptions, Model, type OpenOptions, type SessionOptions } from './engine/model.ts';
export { defaultSampling, greedy, type Sampling } from './engine/sampling.ts';
export type {
  Generated,
  GenerateOptions,
  Session,
  SessionAdapter,
  Stop,
} from './engine/session.ts';
export type { Acting } from './engine/wear-plan.ts';
export { DramatisError, type ErrorCode, remedies } from './errors.ts';
// Models and texts, fetched and verified
export { type ModelEntry, models, type PlayEntry, plays } from './hub/catalogue.ts';
export type { HubEvent, HubOptions } from './hub/events.ts';
export { resolveModel } from './hub/models.ts';
export { openPlay } from './hub/plays.ts';
export { Memory } from './memory/memory.ts';
export type { Recalled } from './memory/passage.ts';
// Plays
export { findCharacter } from './play/cast/find-character.ts';
export { parsePlay } from './play/parse.ts';
export { comparePlaces, parsePlace, requirePlace } from './play/place.ts';
export type {
  Act,
  CastMember,
  Direction,
  Place,
  Play,
  Scene,
  SceneElement,
  Speech,
} from './play/play.ts';
export type { Form, Persona, Turn } from './prompt/prompt.ts';
export { type PromptTemplate, promptTemplate, templateNames } from './prompt/prompt-template.ts';
// Steering
export { Contrast, type ContrastOptions } from './steer/draw/contrast.ts';
export { type DrawOptions, draw } from './steer/draw/draw.ts';
export { type ScoreSteeredOptions, scoreSteered } from './steer/draw/score-steered.ts';
export { grammarSvg } from './steer/grammar/grammar-svg.ts';
export {
  banLine,
  classLine,
  type LexiconEntry,
  lexiconLine,
  literal,
} from './steer/grammar/grammar-text.ts';
export { grammarTextPicture } from './steer/grammar/grammar-text-picture.ts';
export { GrammarSampler } from './steer/grammar/sample-grammar.ts';
export { type LeverName, leverNames, parseLeverNames } from './steer/lever-names.ts';
export {
  type ControlOptions,
  controlVectorOf,
  type Directions,
} from './steer/levers/control-vector.ts';
export { type LeverCost, noSteering, type Steering } from './steer/steering.ts';
export { SteeringLevers, type SteeringLeversOptions } from './steer/steering-levers.ts';
