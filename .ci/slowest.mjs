/** Prints how long the tests of each project took, and the ten slowest of them: node .ci/slowest.mjs REPORT.json */
import fs from 'node:fs';

const { testResults } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const projects = new Map();
const tests = [];
for (const { name, assertionResults } of testResults) {
  const file = name.replace(/^.*\/src\//, 'src/');
  const project =
    /\.(engine|plays|durability)\.test\.ts$/.exec(file)?.[1] ??
    (file.startsWith('src/journeys/') ? 'journeys' : 'unit');
  for (const { title, duration = 0 } of assertionResults) {
    projects.set(project, (projects.get(project) ?? 0) + duration / 1000);
    tests.push({ seconds: duration / 1000, text: `${file}: ${title}` });
  }
}
const line = (seconds, text) => `${seconds.toFixed(1).padStart(7)} s  ${text}`;
for (const [project, seconds] of projects) console.log(line(seconds, `${project} tests`));
tests.sort((a, b) => b.seconds - a.seconds);
for (const { seconds, text } of tests.slice(0, 10)) console.log(line(seconds, text));
