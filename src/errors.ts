/** Everything that can go wrong on purpose: code → what to do about it. */
export const remedies = {
  USAGE: 'Run the command with --help to see how it is used.',
  PLACE_UNKNOWN:
    'Give act.scene or act.scene.line, such as 3.1; "dramatis explore PLAY" lists the scenes.',
  PLAY_UNKNOWN: 'Run "dramatis plays" to see the plays here, or give a file with --play FILE.',
  PLAY_UNREADABLE:
    'Print the name of the speaker before each speech. These three lines would be read:\n  SCENE 1\n  NELL: Who is there?\n  TOM: Only the wind.',
  CHARACTER_UNKNOWN: 'Run "dramatis cast PLAY" to see who is in the play.',
  CHARACTER_AMBIGUOUS: 'Give the name in full, as "dramatis cast PLAY" prints it.',
  CHARACTER_ABSENT:
    'Choose a place where they are on stage, or bring them on all the same with --force.',
  MODEL_UNKNOWN: 'Run "dramatis models" to see the models, or give the path of a .gguf file.',
  FILE_MISSING: 'Check the path.',
  GGUF_INVALID: 'Fetch the file again, or give another .gguf file.',
  MODEL_UNREADABLE: 'Run "dramatis doctor", then try another model or fetch this one again.',
  ADAPTER_MISMATCH: 'Use the base model that the adapter was trained on, or leave --adapter out.',
  ADAPTER_UNKNOWN: 'Run "dramatis adapters list" to see the versions here, or give more of the id.',
  GATE_REFUSED: 'Train a better version, or promote this one all the same with --force "REASON".',
  CONVERSATION_UNKNOWN:
    'Run "dramatis conversations list" to see the conversations here, or give more of the id.',
  NOT_ON_STAGE: 'Let the character come on first, or name one who is on stage.',
  TRANSCRIPT_UNREADABLE:
    'Give the transcript of a scene, a *.stage.jsonl file; "dramatis stage list" shows those here.',
  SCENE_UNKNOWN: 'Run "dramatis stage list" to see the scenes here, or give more of the id.',
  WINDOW_EXCEEDED: 'Shorten the text, or give a larger window with --context.',
  GRAMMAR_INVALID:
    'Correct the grammar at the place named; src/steer/grammar/grammar.md describes the language.',
  MEMORY_SHORT: 'Close other programs, choose a smaller model, or give a smaller --context.',
  DISPOSED: 'Open the object again; it was disposed of.',
  BUSY: 'Await the call in flight, or open a second session on the same model.',
  NATIVE_MISSING: 'Run "npm run build" to build the addon, then "dramatis doctor".',
  BUILD_FAILED:
    'Install what is missing (a C++17 compiler, CMake 3.18 or newer), then run "dramatis build" again.',
  NATIVE_FAILED:
    'Run "dramatis doctor"; if it finds nothing wrong, report this with the command you ran.',
  RPC_UNREACHABLE: 'Start "dramatis rpc serve" there, and give --rpc the address that it prints.',
  RPC_LOST:
    'Start "dramatis rpc serve" there again, then run the command again: what was said is kept.',
  FETCH_FAILED: 'Check the network and run the command again; what was fetched is kept.',
  OFFLINE: 'Leave --offline out (and unset HF_HUB_OFFLINE) to fetch it, or give a local file.',
  CHECKSUM_MISMATCH:
    'Delete nothing: the bad file was set aside. Run the command again to fetch it afresh.',
  LICENCE_NEEDED: 'Read the licence named, then run the command again with --accept-licence.',
  STORE_UNWRITABLE:
    'Free space or fix the permissions, or set DRAMATIS_HOME to a folder that can be written.',
  STORE_UNREADABLE:
    'Nothing was changed. Try again; check the disk, the permissions and the limits (ulimit -n) of this shell.',
  STORE_DAMAGED: 'Move the file named out of the way; what it is derived from rebuilds it.',
  LOCKED: 'Wait for the other Dramatis process to finish; a lock left by a dead one is taken over.',
  NO_ITEMS:
    'Choose another --split, leave --character out, or give --folds 5 to ask about every scene.',
  LEAK: 'Change data/splits.json, or what the model is shown, so that no words stand in two parts.',
  DIGESTS_INVALID:
    'Correct the line named: "dramatis digest check FILE" lists every one; data/digests/README.md has the format.',
  CARD_INVALID:
    'Correct the line named: "dramatis card check FILE" lists every one; data/cards/README.md has the format.',
  DATA_REFUSED: 'Correct the rows named, or leave them out; nothing was trained or written.',
  QUESTIONS_REFUSED: 'Correct the line named; data/questions/README.md describes the format.',
  STUDY_INVALID:
    'Correct the field named; "dramatis sweep plan --help" shows a study with all its fields.',
  SWEEP_CHANGED:
    'Put the files and the program back as they were, or plan the study again into another folder with --out.',
  TASK_FAILED:
    'See its log, correct what is wrong, and run the same command again: what is done stays done.',
  SLURM_FAILED: 'Nothing was submitted. Correct what Slurm says, and submit again.',
  REPORT_STALE: 'Make the report again: "dramatis report STUDY --out DIR".',
  PDF_FAILED:
    'The pages are written all the same: open report.html in a browser and print it, or name another with DRAMATIS_BROWSER.',
  RESULTS_MISMATCH:
    'Compare results of the same play, parts and tasks; run "dramatis eval" again for the older one.',
} as const;
export type ErrorCode = keyof typeof remedies;

/** The only error class Dramatis throws. `message` says what happened, `remedy` what to do. */
export class DramatisError extends Error {
  override readonly name = 'DramatisError';
  readonly code: ErrorCode;
  readonly #remedy: string | undefined;

  /** `options.remedy` replaces the table's sentence where the caller knows a better one. */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; remedy?: string }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.#remedy = options?.remedy;
  }

  get remedy(): string {
    return this.#remedy ?? remedies[this.code];
  }
}
