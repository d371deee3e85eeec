import process from 'node:process';

const folder = process.env.MUTATED_FOLDER;

export default {
	mutate: ['nodes/StylizeVideo/operations/{check,getResult,submitAndWait}.ts','nodes/StylizeVideo/waiting/*.ts','nodes/StylizeVideo/{workload,hints,finish,resultSettings}.ts'],
	// Messages are strings, and no test checks their wording. TypeScript and the fake server check the strings of the protocol.
	mutator: { excludedMutations: ['StringLiteral'] },
	ignoreStatic: true,
	testRunner: 'jest',
	jest: { projectType: 'custom', configFile: 'scripts/mutation/jest.engine.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	// The instrumented code has no types.
	disableTypeChecks: '{nodes,test}/**/*.ts',
	ignorePatterns: ['dist', 'bench', '.cache', 'reports'],
	tempDirName: '.cache/mutation',
	cleanTempDir: 'always',
	// A run takes less than a second. Most timeouts are endless loops of a simulated clock.
	timeoutMS: 15_000,
	concurrency: 2,
	// Each run leaks memory.
	maxTestRunnerReuse: 25,
	reporters: ['progress-append-only', 'json', 'html'],
	jsonReporter: { fileName: `reports/mutation/StylizeVideoEngine.json` },
	htmlReporter: { fileName: `reports/mutation/StylizeVideoEngine.html` },
	allowConsoleColors: false,
};
