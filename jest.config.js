/** One jest project per suite; `npm run test:<name>` runs one alone. */
const project = (displayName, more = {}) => ({
	displayName,
	rootDir: __dirname,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
	// Mutation tests keep copies of the repository there.
	modulePathIgnorePatterns: ['<rootDir>/.cache/'],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.jest.json' }] },
	...more,
});

module.exports = {
	// A machine that does other things as well is slow, not wrong.
	testTimeout: 30_000,
	// Jest would leave one core idle, which is half of a machine with two.
	maxWorkers: '100%',
	projects: [project('unit'), project('tools', { testMatch: ['<rootDir>/{bench,harness,scripts}/**/*.test.ts'] }), project('sandbox'), project('engine'), project('n8n', { globalSetup: '<rootDir>/test/n8n/support/start.ts', globalTeardown: '<rootDir>/test/n8n/support/stop.ts' }), project('queue'), project('browser'), project('versions', { globalSetup: '<rootDir>/test/versions/support/install.ts' })],
};
