// Errors

// Characters who speak
export { Actor, type ActorOptions, type ReplyEvent } from './actor/actor.ts';
// The engine
export type { Adapter, AdapterScope } from './engine/adapter.ts';
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
export { type BankOptions, Model, type OpenOptions } from './engine/model.ts';
export { defaultSampling, greedy, type Sampling } from './engine/sampling.ts';
export type { ActiveAdapter, ActiveControl } from './engine/session/active-adapters.ts';
export { applyForTurn } from './engine/session/apply-for-turn.ts';
export type {
  Cache,
  CacheOptions,
  CacheUsage,
  SessionOptions,
} from './engine/session/cache.ts';
export type { CachePolicy } from './engine/session/cache-policy.ts';
export {
  type Against,
  type DrawHook,
  type Drawn,
  type DrawOptions,
  type DrawPart,
  type DrawStep,
  drawTogether,
} from './engine/session/draw-together.ts';
export type { Generated, Stop } from './engine/session/reply-text.ts';
export type { GenerateOptions, Session, SetAdaptersOptions } from './engine/session/session.ts';
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
export { type ScoreSteeredOptions, scoreSteered } from './steer/draw/score-steered.ts';
export { type SteeredOptions, steered } from './steer/draw/steered.ts';
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
