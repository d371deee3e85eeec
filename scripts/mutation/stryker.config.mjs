import process from 'node:process';

import { ENGINE_GROUPS } from './engineGroups.js';

const folder = process.env.MUTATED_FOLDER;
const group = ENGINE_GROUPS[folder];
const engineFiles = Object.values(ENGINE_GROUPS).flatMap(({ mutate }) => mutate);

export default {
	mutate: group?.mutate ?? [`nodes/${folder}/**/*.ts`, ...engineFiles.map((path) => `!${path}`)],
	// Most strings are messages, whose wording few tests check. The fake HiDream server refuses wrong paths, headers and fields.
	mutator: { excludedMutations: ['StringLiteral'] },
	ignoreStatic: true,
	testRunner: 'jest',
	jest: { projectType: 'custom', configFile: 'scripts/mutation/jest.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	// The instrumented code has no types.
	disableTypeChecks: '{nodes,test}/**/*.ts',
	ignorePatterns: ['dist', 'bench', '.cache', 'reports'],
	tempDirName: '.cache/mutation',
	cleanTempDir: 'always',
	// A run of unit tests takes less than a second. Most timeouts are endless loops of a simulated clock.
	timeoutMS: group ? 15_000 : 1_500,
	concurrency: 2,
	// Each run leaks memory.
	maxTestRunnerReuse: 25,
	reporters: ['progress-append-only', 'json', 'html'],
	jsonReporter: { fileName: `reports/mutation/${folder}.json` },
	htmlReporter: { fileName: `reports/mutation/${folder}.html` },
	allowConsoleColors: false,
};
