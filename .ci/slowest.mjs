/** Prints how long the files of each project took, set-up and all, with the slowest files and tests: node .ci/slowest.mjs REPORT.json */
import fs from 'node:fs';

const { testResults } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const projects = new Map();
const files = [];
const tests = [];
for (const { name, startTime, endTime, assertionResults } of testResults) {
  const file = name.replace(/^.*\/src\//, 'src/');
  const project =
    /\.(mocked|engine|plays|durability|browser|faults)\.test\.ts$/.exec(file)?.[1] ??
    (file.startsWith('src/journeys/') ? 'journeys' : 'unit');
  const seconds = (endTime - startTime) / 1000;
  projects.set(project, (projects.get(project) ?? 0) + seconds);
  files.push({ seconds, text: file });
  for (const { title, duration = 0 } of assertionResults)
    tests.push({ seconds: duration / 1000, text: `${file}: ${title}` });
}
const line = ({ seconds, text }) => console.log(`${seconds.toFixed(1).padStart(7)} s  ${text}`);
for (const [project, seconds] of projects) line({ seconds, text: `${project} tests` });
for (const [list, count] of [
  [files, 20],
  [tests, 10],
])
  list
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .forEach(line);
