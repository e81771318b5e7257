// Six adapters and their evaluations on a real Slurm of one node, which .ci/slurm.sh starts: through a kill -9, a signal, a
// time limit, a preemption, a requeue and the loss of the node, to the bytes that "sweep run" makes.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const at = process.argv[2];
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const begun = performance.now();
const say = (text) =>
  console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${text}`);

const { writeTinyModel } = await import(`${dist}testing/models/tiny-model.js`);
const { printings } = await import(`${dist}testing/plays/ostrava.js`);
const work = join(at, 'work');
mkdirSync(join(at, 'home'), { recursive: true });
mkdirSync(join(at, 'other-home'));
mkdirSync(work);
await writeTinyModel(join(work, 'tiny.gguf'), { context: 2048 });
writeFileSync(join(work, 'lantern.md'), printings.Markdown);
const recipe = { rank: 4, batch: 64, words: 40, patience: 1000, memory: false };
const epochs = Number(process.env.SLURM_TEST_EPOCHS ?? 200);
writeFileSync(
  join(work, 'six.json'),
  JSON.stringify({
    ...{ models: ['tiny.gguf'], play: 'lantern.md', characters: ['marta'], tasks: ['bits'] },
    recipes: { short: { ...recipe, epochs }, long: { ...recipe, epochs: 3 * epochs, rank: 8 } },
    ...{ seeds: [1, 2, 3], eval: { limit: 3 } },
    resources: {
      train: { cpus: 1, memMiB: 1500, minutes: 1 },
      eval: { cpus: 1, memMiB: 1000, minutes: 5 },
    },
  }),
);

/** Runs the program. @returns Its exit code and what it said. */
function dramatis(words, { home = 'home' } = {}) {
  const env = { ...process.env, DRAMATIS_HOME: join(at, home), NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${dist}cli/main.js`, ...words], {
    env,
    cwd: work,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}
function done(words, options) {
  const { code, out, err } = dramatis(words, options);
  assert.equal(code, 0, `dramatis ${words.join(' ')}: ${err}`);
  return out;
}
const run = (command, ...words) => execFileSync(command, words, { encoding: 'utf8' });
const six = join(work, 'six');
const status = () => JSON.parse(done(['slurm', 'status', six, '--json']));
const taskOf = (label) => status().tasks.find((task) => task.label === label);

async function until(what, holds, seconds = 90) {
  const end = performance.now() + 1000 * seconds;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (performance.now() > end) {
      console.log(JSON.stringify(status(), null, 1), run('squeue', '-a', '--array'));
      throw new Error(`not seen within ${seconds} s: ${what}`);
    }
    await sleep(250);
  }
}

/** Processes that train, by the label of their task: they run in the folder of the sweep. */
function trainings() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (readlinkSync(`/proc/${pid}/cwd`) !== six) return [];
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const out = words[words.indexOf('--out') + 1];
        return words.includes('train') ? [{ pid: Number(pid), label: out.split('/')[1] }] : [];
      } catch {
        return []; // it has ended
      }
    });
}

/** A training of which nothing has happened yet, once it runs and has opened its model: with the job that it is in. */
const seen = new Set();
const next = () =>
  until('a training that runs', () => {
    hurry();
    const found = trainings().find(({ label }) => !seen.has(label) && isTraining(label));
    if (!found) return undefined;
    const { tasks, jobs } = status();
    const { index, last } = tasks.find((task) => task.label === found.label);
    const job = jobs.find((one) => one.state === 'RUNNING' && one.tasks.includes(index));
    if (!job || last?.end) return undefined;
    seen.add(found.label);
    return { ...found, job: job.job };
  });
/** Its log tells of steps. */
function isTraining(label) {
  try {
    return /step|epoch|loss/i.test(readFileSync(join(six, 'logs', `${label}.log`), 'utf8'));
  } catch {
    return false;
  }
}

/**
 * What is queued again waits for two minutes: here it may begin a few seconds later, and no sooner, since a job's former
 * credential is revoked until then.
 */
const waitsSince = new Map();
function hurry() {
  const queue = run('squeue', '-h', '--array', '--format=%F_%K|%T|%r').trim().split('\n');
  for (const line of queue) {
    const [job, state, reason] = line.split('|');
    if (state !== 'PENDING' || reason !== 'BeginTime') waitsSince.delete(job);
    else if (!waitsSince.has(job)) waitsSince.set(job, performance.now());
    else if (performance.now() - waitsSince.get(job) > 6000)
      spawnSync('scontrol', ['update', `JobId=${job}`, 'StartTime=now']);
  }
}
const emptyQueue = () =>
  until(
    'an empty queue',
    () => {
      hurry();
      return run('squeue', '-h').trim() === '';
    },
    600,
  );
/** A try at a task that ended so. */
const ended = (label, outcome) =>
  until(`${label} ${outcome}`, () => {
    const { last } = taskOf(label);
    return last?.end?.outcome === outcome && last;
  });

say('one processor without --cpus-per-task: one thread');
const env = { ...process.env, DRAMATIS_HOME: join(at, 'home') };
const doctor = spawnSync(
  'srun',
  ['-n1', process.execPath, `${dist}cli/main.js`, 'doctor', '--json'],
  { encoding: 'utf8', env },
);
assert.equal(JSON.parse(doctor.stdout).cores.count, 1, doctor.stderr);

say('what Slurm refuses is said, and nothing is left in the queue');
const refused = dramatis(['slurm', 'submit', 'six.json', '--sbatch=--mem=999G']);
assert.equal(refused.code, 1);
assert.match(refused.err, /sbatch: .*(Memory|configuration)/i);
const unknown = dramatis(['slurm', 'submit', 'six.json', '--sbatch=-p nowhere']);
assert.match(unknown.err, /invalid partition/i);
assert.equal(run('squeue', '-h').trim(), '');

say('six trainings and their evaluations, in arrays that the site has room for');
const { jobs } = JSON.parse(done(['slurm', 'submit', 'six.json', '--grace', '50', '--json']));
assert.deepEqual(
  jobs.map(({ name, packs }) => `${name} ${packs.length}`),
  ['train 4', 'eval 4', 'train 2', 'eval 2'],
);
assert.match(run('squeue', '-h', '--format=%r'), /Dependency/);
assert.equal(done(['slurm', 'submit', six]), '', 'it was submitted twice');

const killed = await next();
say(`kill -9 of ${killed.label}`);
process.kill(killed.pid, 'SIGKILL');
assert.equal((await ended(killed.label, 'killed')).end.exit, 'SIGKILL');

const signalled = await next();
say(`scancel --signal=USR1 of ${signalled.label}`);
run('scancel', '--signal=USR1', signalled.job);
await ended(signalled.label, 'stopped');

const preempted = await next();
say(`preemption of ${preempted.label}`);
const urgent = spawn('srun', ['-p', 'urgent', '-c2', 'sleep', '1'], { stdio: 'ignore' });
await ended(preempted.label, 'stopped');
await new Promise((resolve) => urgent.on('exit', resolve));

const requeued = await next();
say(`scontrol requeue of ${requeued.label}`);
run('scontrol', 'requeue', requeued.job);
await ended(requeued.label, 'stopped');

const lost = await next();
say(`the node is lost while ${lost.label} runs`);
process.kill(Number(readFileSync(join(at, 'slurmd.id'), 'utf8')), 'SIGKILL');
killJobs();
await until('the task is gone', () => taskOf(lost.label).state === 'ended');
await until('the node is missed', () => /down/.test(run('sinfo', '-h', '-o', '%T')));
const slurmd = spawn(
  'slurmd',
  ['-D', '-N', hostname().split('.')[0], '-d', `${at}/root/usr/sbin/slurmstepd`],
  { stdio: 'ignore', detached: true, cwd: at },
);
slurmd.unref();
writeFileSync(join(at, 'slurmd.id'), String(slurmd.pid));
await until('the node is back', () => /idle|mixed|alloc/.test(run('sinfo', '-h', '-o', '%T')));

/** Kills all that jobs have begun on this node, as when a machine loses its power. */
function killJobs() {
  const of = (pid, name) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one)))
    try {
      const [, parent] = /^PPid:\s*(\d+)/m.exec(of(name, 'status'));
      const isJob = readlinkSync(`/proc/${name}/exe`).startsWith(`${at}/root/usr/sbin/slurmstepd`);
      parents.set(Number(name), { parent: Number(parent), isJob });
    } catch {
      // It has ended.
    }
  const isOfJob = (pid) => {
    const found = parents.get(pid);
    return found !== undefined && (found.isJob || isOfJob(found.parent));
  };
  for (const pid of parents.keys())
    if (isOfJob(pid))
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
}

await emptyQueue();
say('one failed, its evaluation was not begun, and is missed');
const after = status();
assert.equal(after.tasks.find(({ label }) => label === killed.label).state, 'failed');
const missing = dramatis(['sweep', 'gather', six]);
assert.equal(missing.code, 0, missing.err);
assert.match(missing.err, new RegExp(`^missing: ${killed.label.replace('train', 'eval')}`, 'm'));

say('the same command submits what is missing');
const index = after.tasks.find(({ label }) => label === killed.label).index;
// On a slow machine more than one may be left.
for (let round = 1; status().counts.done < 12; round++) {
  assert.ok(round <= 3, 'tasks were left after three submissions');
  const again = JSON.parse(done(['slurm', 'submit', six, '--grace', '50', '--json']));
  if (round === 1) assert.ok(again.jobs.some(({ packs }) => packs.flat().includes(index)));
  await emptyQueue();
}
const limited = readdirSync(join(six, 'attempts')).filter(
  (id) => readdirSync(join(six, 'attempts', id)).length > 1,
);
say(`${limited.length} tasks took more than one try`);
done(['sweep', 'gather', six]);
done(['eval', 'report', join(six, 'gathered.json'), '--out', join(work, 'report')]);

say('the bytes of the same sweep without Slurm');
const plain = join(work, 'plain');
done(['sweep', 'plan', 'six.json', '--out', plain], { home: 'other-home' });
done(['sweep', 'run', plain, '--jobs', '2'], { home: 'other-home' });
done(['sweep', 'gather', plain], { home: 'other-home' });
for (const name of ['gathered.json', 'gathered.csv'])
  assert.ok(readFileSync(join(six, name)).equals(readFileSync(join(plain, name))), name);
const { tasks } = JSON.parse(readFileSync(join(plain, 'manifest.json'), 'utf8'));
const files = tasks.flatMap(({ outputs }) => outputs);
for (const file of files)
  assert.ok(readFileSync(join(six, file)).equals(readFileSync(join(plain, file))), file);
say(`${files.length} files are equal, byte for byte`);

say('what is cancelled is gone from the queue');
done(['sweep', 'plan', 'six.json', '--out', join(work, 'cancelled')]);
done(['slurm', 'submit', join(work, 'cancelled')]);
done(['slurm', 'cancel', join(work, 'cancelled')]);
await until('an empty queue', () => run('squeue', '-h').trim() === '');
say('all is well');
