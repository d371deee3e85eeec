/** The tests of the mutated folder or group, in as few jest files as possible: each file takes a second per mutant, or four with n8n-core. */
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const process = require('node:process');
const { ENGINE_GROUPS } = require('./engineGroups.js');

const rootDir = process.cwd();
const folder = process.env.MUTATED_FOLDER;
const unit = join(rootDir, 'test', 'unit');
/** Tests that take seconds. */
const slow = ['polling/taskPollerManyTasks.test.ts'];
/** Its unit tests and its property-based tests, which are one file or a folder. */
const unitTests = () => [folder, `properties/${folder}`]
	.filter((name) => existsSync(join(unit, name)))
	.flatMap((name) => readdirSync(join(unit, name)).map((file) => `${name}/${file}`))
	.concat(`properties/${folder}.test.ts`)
	.filter((name) => name.endsWith('.test.ts') && !slow.includes(name))
	.map((name) => join(unit, name))
	.filter((file) => existsSync(file));
const group = ENGINE_GROUPS[folder];
const files = group ? group.tests.map((path) => join(rootDir, path)) : unitTests();
/** Tests that replace modules or change the clock need their own module registry. */
const separate = files.filter((file) => /jest\.(mock|isolateModules|resetModules)|^speedUp\(/m.test(readFileSync(file, 'utf8')));

module.exports = {
	rootDir,
	testEnvironment: join(rootDir, 'scripts', 'mutation', 'environment.js'),
	// A mutant that never ends fails its test, which costs less than ending the process.
	testTimeout: group ? 15_000 : 3_000,
	setupFiles: [join(rootDir, 'scripts', 'mutation', 'properties.js')],
	globals: { filesToLoad: files.filter((file) => !separate.includes(file)) },
	testMatch: [join(rootDir, 'scripts', 'mutation', 'unitTests.js'), ...separate],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: join(rootDir, 'tsconfig.jest.json') }] },
};
