/** Answers that are kept for a while, by key, so that a request that is sent twice is carried out once. */
export class RecentAnswers {
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #most: number;

  constructor(most = 1000) {
    this.#most = most;
  }

  /** The answer that the key has, else what `answer` gives; a failure is not kept. Without a key nothing is. */
  once<T>(key: string | undefined, answer: () => Promise<T>): Promise<T> {
    if (key === undefined) return answer();
    const known = this.#answers.get(key);
    if (known !== undefined) return known as Promise<T>;
    const made = answer();
    this.#answers.set(key, made);
    made.catch(() => this.#answers.delete(key));
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#most) break;
      this.#answers.delete(oldest);
    }
    return made;
  }
}
