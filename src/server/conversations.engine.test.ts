import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Conversation } from '../actor/conversation.ts';
import { VISITOR } from '../prompt/prompt.ts';
import type { Recorded } from '../stage/events.ts';
import { findScene } from '../stage/past-scenes.ts';
import { stateOf } from '../stage/state.ts';
import { ask, framesOf, servedHome, twoSpeak, until } from './tiny-server.test.support.ts';

const at = servedHome();

const get = (path: string, headers = {}) => ask(at.server.url, path, { headers });
const post = (path: string, body: unknown, headers = {}) =>
  ask(at.server.url, path, { body, headers });
const json = async <T = Record<string, never>>(response: Promise<Response>): Promise<T> =>
  (await response).json() as Promise<T>;

async function begin(more: object = {}): Promise<string> {
  const response = await post('/api/conversations', { ...twoSpeak, ...more });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}
const path = (id: string, rest = ''): string => `/api/conversations/${id}${rest}`;
const command = (id: string, body: object) => post(path(id, '/commands'), body);
const eventsOf = async (id: string, query = '') =>
  (await json<{ events: Recorded[] }>(get(path(id, `/events${query}`)))).events;
const ended = (id: string) => until(async () => stateOf(await eventsOf(id)).end !== undefined);

describe('A scene over HTTP', () => {
  it('is begun, goes on by itself, and is watched to its end, word for word as it is kept', async () => {
    const id = await begin();
    const watching = get(path(id, '/events'), { accept: 'text/event-stream' });
    expect((await command(id, { do: 'start' })).status).toBe(202);
    const response = await watching;
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const frames = framesOf(await response.text());
    const events = await eventsOf(id);
    const sent = frames.filter((one) => one.id !== undefined).map(({ data }) => JSON.parse(data));
    expect(sent).toEqual(events);
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'turns' });
    // What was being said is what was said.
    for (const turn of events.filter(({ kind, n }) => kind === 'turn' && n > 5)) {
      const said = frames
        .filter(({ event }) => event === 'token' || event === 'draft')
        .map(({ data }) => JSON.parse(data) as { turn: number; at?: number; text: string })
        .filter((one) => one.turn === turn.n)
        .reduce((words, { at = 0, text }) => words.slice(0, at) + text, '');
      if (said !== '') expect(said.trim()).toBe((turn as { text?: string }).text);
    }
    const again = { accept: 'text/event-stream', 'last-event-id': String(events.at(-1)!.n) };
    expect((await get(path(id, '/events'), again)).status).toBe(204);
  });

  it('is read in pages, in lines, in part, and as one of the cast hears it', async () => {
    const id = await begin();
    await command(id, { do: 'tell', to: 'bruno', text: 'Only you know of the lantern.' });
    await command(id, { do: 'say', by: 'marta', aside: true, text: 'I say it to myself.' });
    await command(id, { do: 'say', by: 'marta', text: 'I say it to all.' });
    await command(id, { do: 'end' });
    const all = await eventsOf(id);
    expect(await eventsOf(id, '?after=2&limit=2')).toEqual(all.slice(2, 4));
    expect((await eventsOf(id, '?kinds=tell,end')).map(({ kind }) => kind)).toEqual([
      'tell',
      'end',
    ]);
    const lines = await (await get(path(id, '/events'), { accept: 'application/x-ndjson' })).text();
    expect(lines).toBe(all.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const heard = JSON.stringify(await eventsOf(id, '?as=BRUNO'));
    expect(heard).toContain('lantern');
    expect(heard).toContain('to all');
    expect(heard).not.toContain('to myself');
    expect(JSON.stringify(await eventsOf(id, '?as=MARTA'))).not.toContain('Only you know');
  });

  it('tells a reader who is ahead of it to begin anew', async () => {
    const id = await begin();
    await command(id, { do: 'end' });
    const stream = { accept: 'text/event-stream' };
    const frames = framesOf(await (await get(path(id, '/events?after=999'), stream)).text());
    expect(frames[0]).toMatchObject({ event: 'resync' });
    const kept = { ...stream, 'last-event-id': '3' };
    const rest = framesOf(await (await get(path(id, '/events?after=1'), kept)).text());
    expect(rest[0]).toMatchObject({ id: '4' });
  });

  it('does what people want: a note, an entrance, a turn more, an edit, another take', async () => {
    const id = await begin({ turns: 20 });
    await command(id, { do: 'note', text: 'It grows dark.' });
    expect((await command(id, { do: 'step' })).status).toBe(202);
    let state = stateOf(await eventsOf(id));
    expect(state.figures.turns).toBe(1);
    expect(state.isPaused).toBe(true);
    const first = state.turns.at(-1)!;
    await command(id, { do: 'edit', of: first.n, text: 'Other words.' });
    await command(id, { do: 'again' });
    state = stateOf(await eventsOf(id));
    expect(state.turns.at(-1)).toMatchObject({ who: first.who });
    expect(state.turns.at(-1)!.n).toBeGreaterThan(first.n);
    expect(state.figures.turns).toBe(1);
    await command(id, { do: 'undo', to: 3 });
    expect(stateOf(await eventsOf(id)).figures.turns).toBe(0);
    await command(id, { do: 'exit', who: ['bruno'] });
    expect((await command(id, { do: 'say', by: 'bruno', text: 'I am gone.' })).status).toBe(409);
    expect((await command(id, { do: 'enter', who: ['bruno'] })).status).toBe(202);
  });

  it('waits for a person who has a part, and goes on when they have spoken', async () => {
    const id = await begin({ humans: ['bruno'], turns: 2 });
    await command(id, { do: 'start' });
    await until(async () => stateOf(await eventsOf(id)).asked === 'BRUNO');
    const listed = await json<{ conversations: { id: string; state: string }[] }>(
      get('/api/conversations?state=waiting'),
    );
    expect(listed.conversations.map((one) => one.id)).toContain(id);
    await command(id, { do: 'say', by: 'BRUNO', text: 'I am here, in person.' });
    await ended(id);
    const { turns } = stateOf(await eventsOf(id));
    expect(turns.some(({ text, playedBy }) => playedBy === 'human' && /in person/.test(text))).toBe(
      true,
    );
  });

  it('is paused within a step, keeping what was said, and goes on', async () => {
    const id = await begin({ turns: 50, maxTokens: 200 });
    await command(id, { do: 'start' });
    await until(async () => (await json<{ draft?: object }>(get(path(id)))).draft !== undefined);
    await command(id, { do: 'pause' });
    const events = await eventsOf(id);
    expect(events.at(-1)).toMatchObject({ kind: 'pause' });
    expect(await json(get(path(id)))).toMatchObject({ running: false });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await eventsOf(id)).toEqual(events);
    await command(id, { do: 'start' });
    await until(async () => (await eventsOf(id)).length > events.length + 2);
    await command(id, { do: 'end' });
    expect(stateOf(await eventsOf(id)).end).toMatchObject({ reason: 'human' });
  });

  it('refuses a command about a scene that has gone on, with where it is', async () => {
    const id = await begin();
    const stale = await command(id, { do: 'note', text: 'Late.', if: 1 });
    expect(stale.status).toBe(409);
    const { n } = (await stale.json()) as { n: number };
    expect((await command(id, { do: 'note', text: 'In time.', if: n })).status).toBe(202);
    expect(JSON.stringify(await eventsOf(id))).not.toContain('Late.');
  });

  it('does once what is sent twice under one key', async () => {
    const id = await begin();
    const key = { 'idempotency-key': 'a-key' };
    const note = { do: 'note', text: 'Once.' };
    const answers = await Promise.all(
      [1, 2].map(async () => json(post(path(id, '/commands'), note, key))),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect((await eventsOf(id)).filter(({ kind }) => kind === 'note')).toHaveLength(1);
  });

  it('is refused while another process plays it, and goes on with what came of that', async () => {
    const id = await begin({ turns: 20 });
    await command(id, { do: 'note', text: 'It grows dark.' });
    const elsewhere = await findScene(at.dramatis.folders.conversations, id);
    await elsewhere.own();
    const refused = await command(id, { do: 'note', text: 'It is lost.' });
    expect(refused.status).toBe(409);
    expect(
      (await json<{ error: { message: string } }>(Promise.resolve(refused))).error.message,
    ).toContain(`the scene ${id} is open in process`);
    const note = { kind: 'note', text: 'It rains.', by: 'human', heard: ['MARTA'] } as const;
    const { n } = await elsewhere.append(note);
    await elsewhere.release();
    expect(await json(command(id, { do: 'note', text: 'It dawns.' }))).toMatchObject({ n: n + 1 });
    const notes = (await eventsOf(id)).flatMap((one) => (one.kind === 'note' ? [one.text] : []));
    expect(notes).toEqual(['It grows dark.', 'It rains.', 'It dawns.']);
  });

  it('is read without its damaged lines; one whose opening is damaged says so, and hides no other', async () => {
    const id = await begin();
    await command(id, { do: 'note', text: 'It grows dark.' });
    await command(id, { do: 'note', text: 'It rains.' });
    await at.server.served.scenes.release(id);
    const { path: file } = await findScene(at.dramatis.folders.conversations, id);
    const damage = (word: string) =>
      writeFileSync(file, readFileSync(file, 'utf8').replace(word, 'XXXX'));
    const all = await eventsOf(id);
    damage('grows');
    const left = await eventsOf(id);
    expect(left).toEqual(all.filter((one) => one.kind !== 'note' || one.text === 'It rains.'));
    const more = await json<{ n: number }>(command(id, { do: 'note', text: 'It dawns.' }));
    expect(more.n).toBe(all.length + 1);
    await at.server.served.scenes.release(id);
    damage('dramatis.stage');
    const answers = [get(path(id)), get(path(id, '/events')), command(id, { do: 'start' })];
    for (const answer of await Promise.all(answers)) {
      expect([200, 422]).toContain(answer.status);
      if (answer.status === 422)
        expect(await answer.json()).toMatchObject({ error: { code: 'transcript_unreadable' } });
    }
    const other = await begin();
    const listed = await json<{ conversations: { id: string }[] }>(get('/api/conversations'));
    const ids = listed.conversations.map((one) => one.id);
    expect(ids).toContain(other);
    expect(ids).not.toContain(id);
    expect(at.home.faults).toEqual([]);
  });

  it('stands in the list beside what was said in a chat, which is read and takes no commands', async () => {
    const talk = await Conversation.begin(at.dramatis.folders.conversations, {
      ...{ play: 'lantern', playHash: 'a', character: 'MARTA', model: 'tiny', form: 'chat' },
      ...{ steer: [], seed: 7, version: '0.0.0', at: '1.2' },
    });
    await talk.say({ speaker: VISITOR, text: 'Where is the pilchard?' });
    await talk.say({ speaker: 'MARTA', text: 'In the net.', seed: 8, stop: 'end' });
    const found = await json<{ conversations: { id: string; isTalk?: true; turns: number }[] }>(
      get('/api/conversations?q=pilchard'),
    );
    expect(found.conversations).toMatchObject([{ isTalk: true, turns: 2 }]);
    const { id } = found.conversations[0]!;
    expect((await eventsOf(id)).flatMap((one) => (one.kind === 'turn' ? [one.text] : []))).toEqual([
      'Where is the pilchard?',
      'In the net.',
    ]);
    expect((await get(path(id))).status).toBe(200);
    expect(await (await get(path(id, '/export?as=md'))).text()).toContain('In the net.');
    const refused = await command(id, { do: 'start' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { remedy: expect.stringContaining(`--continue ${id}`) },
    });
  });

  it('is begun with the levers and adapters that are asked for, and with no others', async () => {
    const id = await begin({ steer: 'ban,length', adapters: { marta: 'none' } });
    const [opened] = await eventsOf(id);
    expect(opened).toMatchObject({ kind: 'open', steer: ['ban', 'length'] });
    const wrong = await post('/api/conversations', { ...twoSpeak, steer: 'ban,rhyme' });
    expect(wrong.status).toBe(400);
    expect(JSON.stringify(await wrong.json())).toContain('rhyme');
    const unknown = await post('/api/conversations', {
      ...twoSpeak,
      adapters: { marta: 'abcdef' },
    });
    expect(unknown.status).toBe(404);
  });

  it('is forked, written down in every way, and thrown away', async () => {
    const id = await begin();
    await command(id, { do: 'say', by: 'marta', text: 'Keep these <b>words</b>.' });
    const fork = await post(path(id, '/forks'), { at: 3, changes: { seed: 9 } });
    expect(fork.status).toBe(201);
    const { id: forked } = (await fork.json()) as { id: string };
    expect((await eventsOf(forked))[0]).toMatchObject({ parent: { id, n: 3 }, seed: 9 });
    for (const as of ['md', 'json', 'jsonl', 'fountain', 'tei', 'html', 'openai', 'sharegpt']) {
      const response = await get(path(id, `/export?as=${as}`));
      expect(response.status, as).toBe(200);
      expect(response.headers.get('content-disposition'), as).toMatch(/^attachment/);
      // Training data has what the model said, which is nothing yet.
      const said = /openai|sharegpt/.test(as) ? '' : 'Keep these';
      expect(await response.text(), as).toContain(said);
    }
    expect((await get(path(id, '/export?as=pdf'))).status).toBe(400);
    expect((await ask(at.server.url, path(id), { method: 'DELETE' })).status).toBe(204);
    expect((await get(path(id))).status).toBe(404);
    const trash = readdirSync(join(at.dramatis.folders.conversations, 'trash'));
    expect(trash.filter((name) => name.includes(id))).toHaveLength(1);
  });

  it('is found by play, by words, by how it stands, a page at a time', async () => {
    const ids = [];
    for (let i = 0; i < 3; i++) {
      const id = await begin();
      await command(id, { do: 'say', by: 'marta', text: `A herring sings, ${i}.` });
      ids.unshift(id);
    }
    type Page = { conversations: { id: string }[]; next?: string };
    const first = await json<Page>(get('/api/conversations?q=herring%20SINGS&limit=2'));
    expect(first.conversations.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = `/api/conversations?q=herring&before=${encodeURIComponent(first.next!)}`;
    expect((await json<Page>(get(rest))).conversations.map(({ id }) => id)).toEqual(ids.slice(2));
    for (const query of ['play=hamlet', 'q=kraken', 'state=ended&q=herring'])
      expect((await json<Page>(get(`/api/conversations?${query}`))).conversations).toEqual([]);
  });

  it('has a place in one stream of all that a page watches', async () => {
    const [one, two] = [await begin(), await begin()];
    const left = new AbortController();
    const query = `watch=${one}:3&watch=${two}:0`;
    const response = await ask(at.server.url, `/api/events?${query}`, { signal: left.signal });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
    })();
    await command(one, { do: 'note', text: 'Seen by whoever watches.' });
    await until(() => text.includes('Seen by'));
    left.abort();
    await reading.catch(() => {});
    const news = framesOf(text).map(({ event, data }) => ({ event, ...JSON.parse(data) }));
    const own = (id: string) => news.filter((piece) => piece.id === id).map(({ event }) => event.n);
    expect(Math.min(...own(one))).toBe(4);
    expect(Math.min(...own(two))).toBe(1);
    expect(news.some((piece) => 'goingOn' in piece)).toBe(true);
  });

  it('is not there for who asks for what is not', async () => {
    for (const unknown of ['abcdef', '..%2f..%2fetc', 'latest', 'zz'])
      expect((await get(path(unknown))).status, unknown).toBe(404);
    const wrong: [object, number][] = [
      [{ ...twoSpeak, play: 'nothing' }, 404],
      [{ ...twoSpeak, play: `${at.home.folder}/lantern.md` }, 400],
      [{ ...twoSpeak, cast: ['nobody'] }, 404],
      [{ ...twoSpeak, at: '9.9' }, 404],
      [{ ...twoSpeak, turns: 0 }, 400],
      [{ ...twoSpeak, seed: -1 }, 400],
      [{ ...twoSpeak, director: 'dice' }, 400],
      [{ ...twoSpeak, more: 1 }, 400],
    ];
    for (const [body, status] of wrong) {
      const response = await post('/api/conversations', body);
      expect([response.status, await response.text()], JSON.stringify(body)).toEqual([
        status,
        expect.not.stringContaining(at.home.folder),
      ]);
    }
    expect(at.home.faults).toEqual([]);
  });
});
