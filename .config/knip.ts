import type { KnipConfig } from 'knip';

/** With --production only what is published counts: what tests alone use is dead. */
const isProduction = process.argv.includes('--production');

/** Programs of clusters, which the tests of sweeps use where they are. */
const clusterTools = ['srun', 'scontrol', 'slurmd', 'snakemake', 'nextflow', 'apptainer'];

const config: KnipConfig = {
  entry: [
    'native/{build,cross,format}.mjs!',
    'src/server/page/{build.mjs,page.tsx,demo/demo.ts}!',
    '.ci/{consumer,container,pack,packages,digest-vectors,signatures,slowest,slurm-scenarios}.mjs',
    // They make files of data/ by functions that nothing else calls.
    '.ci/{splits,stage-data,turn-bands,turn-model}.mjs!',
    'bench/all.ts',
    'bench/peer-*.ts',
    'bench/*-steps.ts',
    'src/**/*.test.ts',
    'src/{journeys/set-up,testing/real-plays}.ts',
  ],
  project: [
    'src/**/*.{ts,tsx}!',
    '!src/**/*.test.*!',
    '!src/{journeys,testing}/**!',
    'native/*.mjs!',
    '.ci/*.mjs!',
    '.ci/packages/*.mjs',
    'bench/**/*.ts',
  ],
  paths: { '#dramatis/*.js': ['./src/*.ts'] },
  // native/build.mjs looks for the folders of these itself, and .ci/consumer.mjs runs the programs of those.
  ignoreDependencies: [
    ...['cmake-js', 'node-addon-api', '@node-llama-cpp/.*', '@arethetypeswrong/cli', 'publint'],
    ...(isProduction ? ['node-llama-cpp'] : []),
  ],
  // Looked for by tests, which are skipped without them.
  ignoreBinaries: [
    ...['clang-format', 'cc', 'unshare', 'readelf', 'strip', 'taskset', 'mkfifo', 'buildah'],
    ...clusterTools,
  ],
  // A test may call a function that its own file uses.
  ignoreExportsUsedInFile: isProduction,
};

export default config;
