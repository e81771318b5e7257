import { describe, expect, it } from 'vitest';
import { Model } from '../engine/model.ts';
import { noComponents } from '../eval/subject.ts';
import { EndpointSubject } from '../eval/subjects/endpoint/endpoint-subject.ts';
import type { ScoreQuestion } from '../eval/subjects/endpoint/scorer.ts';
import { resolveModel } from '../hub/models.ts';
import { openPlay } from '../hub/plays.ts';
import type { Play } from '../play/play.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { home } from '../testing/home.ts';

/** A server that already runs, and the file of the model it has; the default model if none is named. */
const url = process.env.DRAMATIS_TEST_ENDPOINT;
const file = process.env.DRAMATIS_TEST_ENDPOINT_MODEL ?? 'smollm2-135m';
const env = { ...process.env, DRAMATIS_HOME: home };

const firstWords = (text: string): string => text.split(' ').slice(0, 15).join(' ');

/** The first words of real turns after two others: the true one, and one from elsewhere in the scene. */
function questions(play: Play): ScoreQuestion[] {
  return sceneTurns(play)
    .filter(({ turns }) => turns.length > 12)
    .slice(0, 6)
    .map(({ turns }) => ({
      page: `\n${turns
        .slice(3, 5)
        .map(({ speaker, text }) => `${speaker}. ${firstWords(text)}\n\n`)
        .join('')}${turns[5]!.speaker}.`,
      continuations: [5, 9].map((i) => ` ${firstWords(turns[i]!.text)}`),
    }));
}

describe.skipIf(url === undefined)('A real server', () => {
  it('gives the log-probabilities of our own engine, and says what comes after', async () => {
    const { play } = await openPlay('hamlet', { env });
    const { path } = await resolveModel(file, { env });
    const subject = await EndpointSubject.open({
      url: url!,
      source: { shown: play },
      levers: noComponents,
    });
    using model = await Model.open(path, { gpu: 'off' });
    using session = await model.session();
    const asked = questions(play);
    const { answers } = await subject.served.scorer.score(asked);
    const start = model.info.addsStart ? [model.info.start] : [];
    const differences: number[] = [];
    for (const [i, { page, continuations }] of asked.entries()) {
      const prefix = Int32Array.from([...start, ...model.tokenize(page)]);
      const ours = await session.score(
        prefix,
        continuations.map((words) => model.tokenize(words)),
      );
      for (const [j, row] of ours.entries()) {
        expect(answers[i]!.tokens[j]).toBe(row.length);
        const nats = row.reduce((sum, each) => sum + each, 0);
        differences.push(Math.abs(answers[i]!.nats[j]! - nats) / row.length);
      }
    }
    // Nats a token. Quantised weights meet inputs that each build of ggml rounds in its own way.
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    console.log(subject.served.scorer.name, { mean, worst: Math.max(...differences) });
    expect(mean).toBeLessThan(0.05);

    const context = { kind: 'question', speaker: 'HAMLET', question: 'Who are you?' } as const;
    const request = { kind: 'text', context, seed: 1, maxTokens: 24, temperature: 0 } as const;
    const said = await subject.answerUnit([request, request]);
    expect(said.answers[0]).toEqual(said.answers[1]);
    expect(said.answers[0]).toMatchObject({ kind: 'text', text: expect.stringMatching(/\w/) });
  });
});
