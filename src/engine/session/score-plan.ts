/** Texts that may follow a prefix, as tokens. */
export interface ScoreRequest {
  readonly prefix: Int32Array;
  readonly continuations: readonly Int32Array[];
}

/** Limits of one native step. */
export interface StepLimits {
  /** Tokens evaluated. */
  readonly tokens: number;
  /** Ends of the tree: each is a timeline of its own while the step runs. */
  readonly ends: number;
  /** Tokens that others are scored after. */
  readonly rows: number;
  /** Tokens that the cache holds, the base included. */
  readonly window: number;
}

/** One native step: a tree of tokens after `base`, in which what texts share is there once. */
export interface ScoreStep {
  /** The tokens that the timeline must hold before the step. */
  readonly base: Int32Array;
  readonly tokens: Int32Array;
  /** Index of the token before, or -1: the base's end. */
  readonly parents: Int32Array;
  /** 1 for tokens whose log-probability is wanted. */
  readonly scored: Uint8Array;
  /** The token that the timeline is to end with afterwards, -1 for the base's end. */
  readonly keep: number;
  /** Tokens that stay with `keep`, in order. */
  readonly kept: Int32Array;
  /** Tokens that are evaluated. */
  readonly evaluated: number;
  readonly results: readonly {
    readonly request: number;
    readonly continuation: number;
    /** Index in the continuation of the token of the first of `nodes`. */
    readonly offset: number;
    /** Indices into `tokens`. */
    readonly nodes: Int32Array;
  }[];
}

/** A part of a request that fits one step alone. */
interface Atom {
  readonly prefix: Int32Array;
  readonly texts: readonly Text[];
}

interface Text {
  readonly request: number;
  readonly continuation: number;
  readonly offset: number;
  readonly tokens: Int32Array;
}

/**
 * Steps that score every continuation of every request, in as few and as large steps as the limits allow.
 *
 * The steps follow from the requests alone, not from what a cache happens to hold, so that the same requests from an
 * empty cache give the same bits. They are put in the order of their tokens, so that those which begin alike are next to
 * each other and share that beginning: a scene that grows turn by turn is evaluated once, whatever is asked in between.
 */
export function planSteps(requests: readonly ScoreRequest[], limits: StepLimits): ScoreStep[] {
  const atoms = [...requests.entries()]
    .flatMap(([i, request]) => [...atomsOf(request, i, limits)])
    .sort((a, b) => compareTokens(a.prefix, b.prefix));
  const groups: { base: Int32Array; tree: Tree }[] = [];
  for (let at = 0; at < atoms.length; ) {
    let count = 1;
    let group = treeOf(atoms.slice(at, at + 1));
    while (at + count < atoms.length) {
      const larger = treeOf(atoms.slice(at, at + count + 1));
      if (!fits(larger, limits)) break;
      group = larger;
      count++;
    }
    groups.push(group);
    at += count;
  }
  return groups.map(({ base, tree }, i) => tree.step(base, groups[i + 1]?.base));
}

function compareTokens(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length);
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** One token and one row are left free, for the token that is kept for the next step. */
function fits({ base, tree }: { base: Int32Array; tree: Tree }, limits: StepLimits): boolean {
  const { evaluated, rows, ends } = tree.size();
  return (
    evaluated < limits.tokens &&
    rows < limits.rows &&
    ends < limits.ends &&
    base.length + evaluated < limits.window
  );
}

function* atomsOf(
  { prefix, continuations }: ScoreRequest,
  request: number,
  limits: StepLimits,
): Generator<Atom> {
  const room = limits.window - prefix.length;
  const most = Math.max(1, Math.min(limits.tokens, limits.rows, room) - 3);
  let texts: Text[] = [];
  let size = 0;
  for (const [continuation, tokens] of continuations.entries()) {
    const first = { request, continuation, offset: 0, tokens: tokens.subarray(0, most) };
    if (texts.length > 0 && (size + first.tokens.length > most || texts.length + 2 > limits.ends)) {
      yield { prefix, texts };
      texts = [];
      size = 0;
    }
    texts.push(first);
    size += first.tokens.length;
    for (let offset = most; offset < tokens.length; offset += most) {
      yield { prefix, texts };
      texts = [];
      size = 0;
      const before = Int32Array.from([...prefix, ...tokens.subarray(0, offset)]);
      const part = tokens.subarray(offset, offset + most);
      yield { prefix: before, texts: [{ request, continuation, offset, tokens: part }] };
    }
  }
  if (texts.length > 0) yield { prefix, texts };
}

/** A tree of atoms after the beginning that their prefixes share. The last token of a prefix is in the tree: its logits are wanted. */
function treeOf(atoms: readonly Atom[]): { base: Int32Array; tree: Tree } {
  const first = atoms[0]!.prefix;
  let shared = first.length - 1;
  for (const { prefix } of atoms) {
    const most = Math.min(shared, prefix.length - 1);
    let same = 0;
    while (same < most && prefix[same] === first[same]) same++;
    shared = same;
  }
  const tree = new Tree();
  for (const { prefix, texts } of atoms) {
    const end = tree.add(-1, prefix.subarray(shared)).at(-1)!;
    for (const text of texts) tree.score(end, text);
  }
  return { base: first.subarray(0, shared), tree };
}

class Tree {
  readonly #tokens: number[] = [];
  readonly #parents: number[] = [];
  readonly #scored: boolean[] = [];
  /** Children of each node by token; those of the root are in `#roots`. */
  readonly #children: Map<number, number>[] = [];
  readonly #roots = new Map<number, number>();
  readonly #results: { text: Text; nodes: readonly number[] }[] = [];

  /** The nodes of tokens one under another, made where they are not there. */
  add(parent: number, tokens: Int32Array): number[] {
    let at = parent;
    return Array.from(tokens, (token) => {
      const children = this.#childrenOf(at);
      let node = children.get(token);
      if (node === undefined) {
        node = this.#tokens.push(token) - 1;
        this.#parents.push(at);
        this.#scored.push(false);
        this.#children.push(new Map());
        children.set(token, node);
      }
      at = node;
      return node;
    });
  }

  score(parent: number, text: Text): void {
    const nodes = this.add(parent, text.tokens);
    for (const node of nodes) this.#scored[node] = true;
    this.#results.push({ text, nodes });
  }

  size(): { evaluated: number; rows: number; ends: number } {
    let evaluated = 0;
    let rows = 0;
    let ends = 0;
    for (const children of this.#children) {
      if (children.size === 0) continue;
      const below = [...children.values()];
      evaluated++;
      if (below.some((child) => this.#scored[child])) rows++;
      if (below.every((child) => this.#children[child]!.size === 0)) ends++;
    }
    return { evaluated, rows, ends };
  }

  step(base: Int32Array, next: Int32Array | undefined): ScoreStep {
    const path = next ? this.#pathOf(base, next) : [];
    const keep = path.at(-1) ?? -1;
    const leafKept = keep >= 0 && this.#children[keep]!.size === 0;
    return {
      base,
      tokens: Int32Array.from(this.#tokens),
      parents: Int32Array.from(this.#parents),
      scored: Uint8Array.from(this.#scored, Number),
      keep,
      kept: Int32Array.from(path, (node) => this.#tokens[node]!),
      evaluated: this.size().evaluated + (leafKept ? 1 : 0),
      results: this.#results.map(({ text, nodes }) => ({
        request: text.request,
        continuation: text.continuation,
        offset: text.offset,
        nodes: Int32Array.from(nodes),
      })),
    };
  }

  /** The nodes that the next step's base begins with, after this step's base. */
  #pathOf(base: Int32Array, next: Int32Array): number[] {
    if (next.length <= base.length || !base.every((token, i) => next[i] === token)) return [];
    const path: number[] = [];
    for (const token of next.subarray(base.length)) {
      const node = this.#childrenOf(path.at(-1) ?? -1).get(token);
      if (node === undefined) break;
      path.push(node);
    }
    return path;
  }

  #childrenOf(node: number): Map<number, number> {
    return node < 0 ? this.#roots : this.#children[node]!;
  }
}
