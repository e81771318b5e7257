/** What a turn is answered with, a line of JSON each. */
type TurnNews =
  | { readonly kind: 'waiting'; readonly ahead: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'done'; readonly conversation: string; readonly stop: string }
  | { readonly kind: 'failed'; readonly message: string; readonly remedy?: string };

interface Failed {
  readonly error?: { readonly message?: string; readonly remedy?: string };
}

const part = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
};
const character = part<HTMLSelectElement>('character');
const lines = part<HTMLOListElement>('lines');
const status = part('status');
const words = part<HTMLTextAreaElement>('words');
const say = part<HTMLButtonElement>('say');

let conversation: string | undefined;

/** Where a line is written; what is said on goes into it. */
function addLine(by: 'visitor' | 'character', text: string): Text {
  const name = document.createElement('b');
  name.textContent = by === 'visitor' ? 'You' : (character.selectedOptions[0]?.dataset.name ?? '');
  const line = document.createElement('li');
  const said = document.createTextNode(text);
  line.className = by;
  line.append(name, said);
  lines.append(line);
  line.scrollIntoView({ block: 'nearest' });
  return said;
}

async function* newsOf(response: Response): AsyncGenerator<TurnNews> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split('\n');
    rest = parts.pop() ?? '';
    for (const one of parts) yield JSON.parse(one) as TurnNews;
  }
}

async function failureOf(response: Response): Promise<string> {
  const { error = {} } = ((await response.json().catch(() => ({}))) ?? {}) as Failed;
  const after = response.headers.get('retry-after');
  const wait = after === null ? '' : ` Try again in ${after} seconds.`;
  const message = error.message ?? 'something went wrong';
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.${wait}`;
}

async function takeTurn(text: string): Promise<void> {
  const asked = addLine('visitor', text);
  status.textContent = 'Waiting …';
  const response = await fetch('/api/turns', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dramatis': '1' },
    body: JSON.stringify({
      character: character.value,
      text,
      ...(conversation && { conversation }),
    }),
  });
  if (!response.ok) {
    // What was forgotten begins anew.
    if (response.status === 404) conversation = undefined;
    status.textContent = await failureOf(response);
    // What was not let in was not said: it stands where it can be sent again.
    asked.parentElement?.remove();
    words.value ||= text;
    return;
  }
  let said: Text | undefined;
  status.textContent = '';
  for await (const news of newsOf(response)) {
    switch (news.kind) {
      case 'waiting':
        status.textContent = news.ahead === 0 ? 'Thinking …' : `${news.ahead} before you …`;
        break;
      case 'text':
        status.textContent = '';
        said ??= addLine('character', '');
        said.appendData(news.text);
        break;
      case 'done':
        conversation = news.conversation;
        status.textContent = news.stop === 'time' ? 'The time for an answer was over.' : '';
        break;
      case 'failed':
        status.textContent = news.message;
    }
  }
}

part('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (text === '') return;
  say.disabled = true;
  words.value = '';
  takeTurn(text)
    .catch(() => {
      status.textContent = 'The server could not be reached.';
    })
    .finally(() => {
      say.disabled = false;
      words.focus();
    });
});

words.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  part<HTMLFormElement>('form').requestSubmit();
});

function beginAnew(): void {
  conversation = undefined;
  lines.replaceChildren();
  status.textContent = '';
}

character.addEventListener('change', beginAnew);
part('anew').addEventListener('click', beginAnew);

const response = await fetch('/api/characters');
const listed = (await response.json()) as {
  characters?: { id: string; name: string; play: string }[];
};
/** The group of a play in the list, made when its first character comes. */
function groupOf(play: string): HTMLOptGroupElement {
  const label = play.replaceAll('-', ' ').replace(/^\p{L}/u, (letter) => letter.toUpperCase());
  const there = [...character.querySelectorAll('optgroup')].find((one) => one.label === label);
  const group = there ?? document.createElement('optgroup');
  group.label = label;
  if (!there) character.append(group);
  return group;
}

for (const { id, name, play } of listed.characters ?? []) {
  const option = document.createElement('option');
  option.value = id;
  option.dataset.name = name;
  option.textContent = name;
  groupOf(play).append(option);
}
status.textContent = listed.characters
  ? ''
  : 'The characters could not be read: load the page again.';
