// In place of "dramatis sweep task FOLDER ID" and "dramatis sweep gather FOLDER", for recipes: keeps a list of its calls.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const [, what, folder, id] = process.argv.slice(2);
appendFileSync(join(dirname(resolve(folder)), 'calls'), `${what === 'task' ? id : what}\n`);
if (what === 'task') {
  mkdirSync(join(folder, 'done'), { recursive: true });
  writeFileSync(join(folder, 'done', `${id}.json`), '{}');
}
