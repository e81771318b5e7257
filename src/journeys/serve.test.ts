import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { defaultModel } from '../hub/catalogue.ts';
import type { Recorded } from '../stage/events.ts';
import { stateOf } from '../stage/state.ts';
import { home } from '../testing/home.ts';
import { folder, start } from './dramatis.ts';

/** A home with the models and plays of the tests' own, and nothing else. */
async function freshHome(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  for (const name of ['models', 'plays', 'indices', 'cache']) {
    await mkdir(join(home, name), { recursive: true });
    await symlink(join(home, name), join(path, name));
  }
  return path;
}

/** `dramatis serve`, listening. */
async function serve(own: string, port = 0): Promise<{ child: ChildProcess; url: string }> {
  const args = ['serve', '--port', String(port), '--json', '--gpu', 'off', '--offline'];
  const child = start(args, { env: { DRAMATIS_HOME: own } });
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout!.resume();
    return { child, url };
  }
  throw new Error('the server printed no address');
}

async function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dramatis': '1' },
    body: JSON.stringify(body),
  });
}
const eventsOf = async (url: string): Promise<Recorded[]> =>
  ((await (await fetch(url)).json()) as { events: Recorded[] }).events;

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const question = 'Who are you?';

describe('dramatis serve', () => {
  it('lets clients of OpenAI’s API talk with Hamlet, and ends in order at SIGTERM', async () => {
    await using work = await folder();
    const { child, url } = await serve(await freshHome(join(work.path, 'home')));
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' });
    let said = '';
    const asked = { model: 'hamlet@1.2', messages: [{ role: 'user', content: question }] } as const;
    for await (const { choices } of await client.chat.completions.create({
      ...{ ...asked, messages: [...asked.messages], seed: 3, stream: true },
    }))
      said += choices[0]?.delta.content ?? '';
    expect(said).toContain('Hamlet');
    const provider = createOpenAICompatible({
      name: 'dramatis',
      baseURL: `${url}/v1`,
      apiKey: 'none',
    });
    const model = provider('hamlet@1.2');
    const { text, usage } = await generateText({ model, prompt: question, seed: 3 });
    expect(text).toBe(said);
    expect(usage.outputTokens).toBeGreaterThan(3);
    let streamed = '';
    for await (const piece of streamText({ model, prompt: question, seed: 3 }).textStream)
      streamed += piece;
    expect(streamed).toBe(said);
    const bare = await generateText({
      model: provider(defaultModel),
      prompt: 'Hello',
      maxOutputTokens: 4,
    });
    expect(bare.text).not.toBe('');
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect((await gone)[0]).toBe(0);
  });

  it('goes on with a scene after a kill, with no event lost or doubled', async () => {
    await using work = await folder();
    const own = await freshHome(join(work.path, 'home'));
    const first = await serve(own);
    const begun = await post(`${first.url}/api/conversations`, {
      ...{ play: 'hamlet', cast: ['HAMLET', 'OPHELIA'], at: '3.1.101', memory: false },
      ...{ seed: 4, maxTokens: 12, turns: 5000, start: true },
    });
    expect(begun.status).toBe(201);
    const { id } = (await begun.json()) as { id: string };
    const path = `/api/conversations/${id}/events`;
    await until(async () => stateOf(await eventsOf(first.url + path)).figures.turns >= 2);
    const before = await eventsOf(first.url + path);
    const killed = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await killed;
    const second = await serve(own, Number(new URL(first.url).port));
    await until(async () => (await eventsOf(second.url + path)).length > before.length + 6);
    const events = await eventsOf(second.url + path);
    expect(events.slice(0, before.length)).toEqual(before);
    expect(events.map(({ n }) => n)).toEqual(events.map((_, i) => i + 1));
    const gone = once(second.child, 'exit');
    second.child.kill('SIGTERM');
    expect((await gone)[0]).toBe(0);
  });
});
