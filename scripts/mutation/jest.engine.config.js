const { join } = require('node:path');
const rootDir = process.cwd();
const files = ['waiting', 'waitingFaults', 'callback', 'results', 'check', 'download'].map((name) => join(rootDir, 'test', 'engine', `${name}.test.ts`));
module.exports = {
	rootDir,
	testEnvironment: join(rootDir, 'scripts', 'mutation', 'environment.js'),
	testTimeout: 15_000,
	globals: { filesToLoad: files },
	testMatch: [join(rootDir, 'scripts', 'mutation', 'unitTests.js'), join(rootDir, 'test', 'engine', 'callbackChecks.test.ts')],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: join(rootDir, 'tsconfig.jest.json') }] },
};
