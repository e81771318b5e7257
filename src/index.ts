// Talk: characters that speak

export { Actor } from './actor/actor.ts';
export type { ActorOptions } from './actor/actor-options.ts';
export type { AdapterName, AdapterSelection, AdapterSource } from './actor/adapter-source.ts';
export type { Conversation } from './actor/conversation.ts';
export type { Line } from './actor/conversation-lines.ts';
export type { ConversationStart, KeptTurn, SpokenTurn } from './actor/conversation-record.ts';
export type { AnswerOptions, Dialogue, DialogueOptions } from './actor/dialogue.ts';
export type { AdaptersEvent, Reply, ReplyEvent, ReplyOptions } from './actor/reply.ts';
export type { Draft, Objection } from './actor/review/critic.ts';
export {
  DraftReview,
  type DraftReviewOptions,
  type ReviewContext,
  type ReviewRequest,
} from './actor/review/draft-review.ts';
export type { ReflectionRecord, Rejected } from './actor/review/reflect.ts';
export type { AnswerSource, QuotedLine } from './memory/answer-sources.ts';
export type { Calls } from './memory/digest-rows.ts';
export type {
  Ask,
  Digest,
  DigestFault,
  DigestPerson,
  Digests,
  Knowledge,
} from './memory/digests/digest.ts';
export type { Fallen, FallReason } from './memory/digests/draft/judge-draft.ts';
export { knownBy } from './memory/digests/known-by.ts';
export { type Called, renderDigest, type Telling } from './memory/digests/render-digest.ts';
export {
  Memory,
  type MemoryOptions,
  type RecallOptions,
} from './memory/memory.ts';
export type { Remembering } from './memory/memory-part.ts';
export type { Passage } from './memory/passage.ts';
export type {
  FactScore,
  Knowing,
  MemoryKind,
  Recalled,
  Recollection,
  ToldAt,
} from './memory/recalled.ts';
export {
  defaultBudget,
  type RecallBudget,
  type RecollectOptions,
  recollect,
} from './memory/recollect.ts';
export type {
  EmbedOptions,
  MemoryEvent,
  RowVectorsOptions,
  TextEmbedder,
} from './memory/row-vectors.ts';
export {
  type Address,
  type DirectionLine,
  type Drives,
  type Exchange,
  type Form,
  type OwnWords,
  type Persona,
  type Quotation,
  type Relation,
  type SceneLine,
  type ScenePrompt,
  type Turn,
  VISITOR,
} from './prompt/prompt.ts';
export {
  type Answering,
  type Example,
  type PromptTemplate,
  promptTemplate,
  templateNames,
} from './prompt/prompt-template.ts';
export { openCard } from './workspace/cards/open-card.ts';
export type { OwnCard } from './workspace/cards/read-card.ts';
export type { DraftEvent, DraftOptions } from './workspace/digests/draft-digests.ts';
export { Dramatis, type DramatisOptions, type OpeningOptions } from './workspace/dramatis.ts';
export type { ActorRequest } from './workspace/open-actor.ts';
export type { CastRequest } from './workspace/open-cast.ts';
export type { DialogueRequest } from './workspace/open-dialogue.ts';
export type { OpenedDigests } from './workspace/open-digests.ts';
export type { OpenedMemory } from './workspace/open-memory.ts';
export type { OpenedModel } from './workspace/open-model.ts';
export type { ActorParts, OpenedActor, SayOptions } from './workspace/opened-actor.ts';
export type { Lease, Pool } from './workspace/pool.ts';
export type { Workspace, WorkspaceEvent } from './workspace/workspace.ts';

// Stage: voices that share one cache, each a session of it, take their tokens in one step

export {
  type SpeakingPart,
  type SpeakOptions,
  type Spoken,
  type SpokenPiece,
  speakTogether,
} from './actor/speak.ts';
export { Voice } from './actor/voice.ts';
export type {
  DraftRequest,
  VoiceContext,
  VoiceDrawing,
  VoiceOptions,
  VoicePrompt,
} from './actor/voice-options.ts';
export type { Cache, CacheOptions, CacheUsage, SessionOptions } from './engine/session/cache.ts';
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
export type { DrawingOptions } from './engine/session/drawing.ts';
export type { Attempt, StruckDraft } from './stage/detectors/attempts.ts';
export type { DetectorTools } from './stage/detectors/detect.ts';
export type { SceneSoFar } from './stage/detectors/detector.ts';
export type { Choice, Director, DirectorContext, SaidTurn } from './stage/director.ts';
export type {
  AlarmAction,
  AlarmEvent,
  AskEvent,
  Cause,
  EditEvent,
  EndEvent,
  EndReason,
  ErrorEvent,
  LeverEvent,
  Limits,
  MoveEvent,
  NextEvent,
  NoteEvent,
  OpenEvent,
  Part,
  PauseEvent,
  PlayedBy,
  Policy,
  Recorded,
  StageEvent,
  StruckEvent,
  TellEvent,
  TurnEvent,
  UndoEvent,
  ViewEvent,
} from './stage/events.ts';
export { type ExportName, exportNames } from './stage/export/export-names.ts';
export { sceneExports } from './stage/export/exports.ts';
export {
  findPastScene,
  type PastScene,
  type PastScenes,
  readScenes,
} from './stage/past-scenes.ts';
export type { Performer } from './stage/performer.ts';
export type { AgainDifference, TakenAgain } from './stage/play-again.ts';
export type { Stop as SceneStop, Wait } from './stage/policies/chooser.ts';
export type { Derived, Difference as SceneDifference } from './stage/replay.ts';
export { type StageSituation, situations } from './stage/situations.ts';
export { type SaidByHuman, Stage, type StageNews, type StageOptions } from './stage/stage.ts';
export {
  advance,
  emptyState,
  type Share,
  type StageFigures,
  type StageState,
  type StageTurn,
  stateOf,
} from './stage/state.ts';
export {
  type Opening,
  Transcript,
  type TranscriptContent,
  type TranscriptReader,
} from './stage/transcript.ts';
export {
  type AgainEvent,
  type CheckRequest,
  deriveScene,
  type SceneCheck,
  takeAgain,
} from './workspace/check-scene.ts';
export type { CompanyRequest } from './workspace/open-company.ts';
export type { OpenedStage, SceneRequest } from './workspace/open-stage.ts';

// Train: adapters and their versions

export type { RowOptions, RowRequest } from './corpus/rows/row-options.ts';
export type { RowKind, ShownBlocks } from './corpus/rows/training-row.ts';
export type { Adapter, AdapterScope } from './engine/adapter.ts';
export type { MatrixName } from './engine/matrix-names.ts';
export type { ActiveAdapter, ActiveControl } from './engine/session/active-adapters.ts';
export { applyForTurn } from './engine/session/apply-for-turn.ts';
export type { WhatHappened } from './registry/history.ts';
export type { HistoryEntry, HistoryEvent } from './registry/history-event.ts';
export type { PromoteOptions, Promotion, Rollback } from './registry/promote.ts';
export type { GateCheck, GateReport } from './registry/promotion-gate.ts';
export type { SlotState } from './registry/promotions.ts';
export type { Registry } from './registry/registry.ts';
export type { Base } from './registry/screen.ts';
export type { Damage } from './registry/stored-version.ts';
export type { Verified } from './registry/verify.ts';
export type {
  AdapterForm,
  AdapterVersion,
  Figure,
  Figures,
  Json,
  Slot,
  VersionDetails,
} from './registry/version.ts';
export type { Filter, Listed, OpenedVersion } from './registry/versions.ts';
export type { ChoiceControl, ChoiceRecipe } from './reinforce/choice-recipe.ts';
export type { Look, ReinforcingEvent } from './reinforce/reinforcing.ts';
export type { JournalFault } from './store/journal.ts';
export type { TrainState } from './train/checkpoint.ts';
export type { ObjectiveName } from './train/objectives/all.ts';
export type { ObjectiveFigures } from './train/objectives/objective.ts';
export type { Recipe } from './train/recipe.ts';
export type { RecipeRequest } from './train/recipe-from.ts';
export type { Pace, TrainingEvent } from './train/training.ts';
export type { AdapterRequest, AdapterTarget, OpenedAdapters } from './workspace/open-adapters.ts';
export type { GivenRowsFile } from './workspace/open-rows.ts';
export type { ReinforceEvent } from './workspace/reinforce-choice.ts';
export type { ReinforceOptions } from './workspace/runs/prepare-choice.ts';
export type { TrainOptions } from './workspace/runs/prepare-training.ts';
export type { PromotionEvent } from './workspace/runs/promote-version.ts';
export type { VersionRunOptions } from './workspace/runs/version-run.ts';
export type { DevLoss, SamplePair, TrainEvent } from './workspace/train-adapter.ts';

// Measure: a model asked the items of a benchmark

export type { Source } from './corpus/source.ts';
export type { SceneSplit, SplitPart } from './corpus/splits/scene-split.ts';
export type {
  AdapterDescription,
  Distribution,
  MetricResult,
  Results,
  RunRecord,
  SubjectDescription,
  TaskResult,
} from './eval/results.ts';
export type {
  Ablation,
  AblationCell,
  Setting as AblationSetting,
  SettingResult,
} from './eval/run/ablate.ts';
export type { EvalProgress, Measured } from './eval/run/evaluate.ts';
export type { Split } from './eval/run/run-size.ts';
export type { Component, Components as Levers, Subject, Usage } from './eval/subject.ts';
export type {
  Anchor,
  Context,
  Memories,
  QuestionContext,
  RecallRequest,
  Request,
  SceneTurn,
  ScoreRequest as TaskScoreRequest,
  Span,
  Task,
  TextRequest,
} from './eval/task.ts';
export type { Difference, Estimate, Metric, Spread } from './measure/metric.ts';
export type {
  Answer,
  Item,
  RecallAnswer,
  Row,
  ScoreAnswer,
  TextAnswer,
  Values,
  Why,
} from './measure/row.ts';
export type { OpenedSource, SourceRequest } from './workspace/open-source.ts';
export type { LoadedSubject, SubjectRequest } from './workspace/open-subject.ts';
export type { BenchmarkEvent } from './workspace/run-benchmark.ts';
export type { BenchmarkOptions, SubjectOptions } from './workspace/runs/benchmark-run.ts';
export type { KeptRunEvent } from './workspace/runs/eval-run.ts';

// Steer: what bends the words

export type { Grammar, GrammarMatcher } from './engine/grammar.ts';
export {
  byteGrammar,
  checkGrammar,
  type GrammarExpression,
  type GrammarRule,
  type GrammarSyntax,
  parseGrammar,
  weighText,
} from './engine/grammar-syntax.ts';
export { Contrast, type ContrastOptions } from './steer/draw/contrast.ts';
export { FactPush, type FactPushOptions, type PushedModel } from './steer/draw/fact-push.ts';
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
export { grammarOfJsonSchema } from './steer/grammar/json-schema/schema-grammar.ts';
export { GrammarSampler } from './steer/grammar/sample-grammar.ts';
export type { SpelledModel } from './steer/grammar/vocabulary-texts.ts';
export type { LeverName } from './steer/lever-descriptions.ts';
export {
  leverNames,
  parseLeverNames,
  type Strengths,
} from './steer/lever-names.ts';
export {
  type ControlledModel,
  type ControlOptions,
  controlVectorOf,
  type Directions,
} from './steer/levers/control-vector.ts';
export {
  type LeverCost,
  noSteering,
  type ReflectionPlan,
  type Steering,
} from './steer/steering.ts';
export { SteeringLevers, type SteeringLeversOptions } from './steer/steering-levers.ts';

// Engine and plays: what all of the above is made of

export type { ComputeOptions, Gpu, Threads } from './engine/compute.ts';
export { type UsableCores, usableCores } from './engine/cores.ts';
export type { Embedder } from './engine/embedder.ts';
export {
  type BankOptions,
  type BankUsage,
  type GrammarComparison,
  Model,
  type ModelInfo,
  type OpenOptions,
} from './engine/model.ts';
export type { RpcAddress } from './engine/rpc/rpc-address.ts';
export type { RpcOptions } from './engine/rpc/rpc-servers.ts';
export { defaultSampling, greedy, type Sampling } from './engine/sampling.ts';
export type { Generated, Stop } from './engine/session/reply-text.ts';
export type { ScoreRequest } from './engine/session/score-plan.ts';
export type { Scored } from './engine/session/scoring.ts';
export type { GenerateOptions, Session, SetAdaptersOptions } from './engine/session/session.ts';
export { DramatisError, type ErrorCode, remedies } from './errors.ts';
export type { GgufArray, GgufHeader, GgufSingle, GgufTensor, GgufValue } from './gguf/header.ts';
export type { GgufScalar, GgufScalarType, GgufValueType } from './gguf/value-types.ts';
export {
  type Download,
  type Entry,
  type Licence,
  type ModelEntry,
  models,
  type PlayEntry,
  plays,
  type Source as DownloadSource,
} from './hub/catalogue.ts';
export type { ModelChoice, RatedModel } from './hub/choose-model.ts';
export type { Environment, HubEvent, HubFolders, HubOptions } from './hub/events.ts';
export type { ExpectedRate } from './hub/expected-rate.ts';
export { type ResolvedModel, resolveModel } from './hub/models.ts';
export { type OpenedPlay, openPlay } from './hub/plays.ts';
export type {
  Card,
  CardAddress,
  CardExample,
  CardFact,
  CardRelation,
  CardWords,
} from './play/cast/character-card.ts';
export { findCharacter } from './play/cast/find-character.ts';
export { type ParseOptions, parsePlay } from './play/parse.ts';
export { comparePlaces, parsePlace, requirePlace } from './play/place.ts';
export type {
  Act,
  CastMember,
  Direction,
  Place,
  Play,
  PlayFormat,
  Scene,
  SceneElement,
  SourceText,
  Speech,
  Warning,
} from './play/play.ts';
export type { Tongue } from './play/tongue.ts';
export type { Disk, DiskFile } from './store/disk.ts';
export type { DamagedJson } from './store/durable-json.ts';
export type { Folders } from './store/folders.ts';
export type { LockOptions } from './store/lock.ts';
export type {
  MeasuredRate,
  RateOf,
  Settings,
  SettingsData,
  StepKernels,
  TrainerKernels,
} from './store/settings.ts';
