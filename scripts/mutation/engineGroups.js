/** Files of StylizeVideo that the engine suite tests, and the tests to run for them. */
const files = (...paths) => paths.map((path) => `nodes/StylizeVideo/${path}`);
const engine = (...names) => names.map((name) => `test/engine/${name}.test.ts`);

exports.ENGINE_GROUPS = {
	submit: {
		mutate: files('{StylizeVideo.node,submitAll,finish}.ts', 'operations/{index,submit}.ts'),
		tests: engine('agentTool', 'batch', 'idempotencyKey', 'limits', 'refusals', 'retryOnFail', 'videoUrl'),
	},
	waiting: {
		mutate: files('{hints,resultSettings,workload}.ts', 'operations/{check,getResult,submitAndWait}.ts', 'waiting/*.ts'),
		tests: [
			...engine('callback', 'callbackChecks', 'check', 'download', 'idempotencyKey', 'results', 'suspendedItems', 'waiting', 'waitingFaults'),
			'test/unit/StylizeVideo/waiting/respondingTrigger.test.ts',
			'test/unit/StylizeVideo/waiting/resume.test.ts',
			'test/unit/StylizeVideo/workload.test.ts',
		],
	},
};
