const { TestEnvironment } = require('jest-environment-node');

/** Skips the tests after the first one that fails: one detects the mutant, and a mutant that hangs costs a timeout per test. */
module.exports = class extends TestEnvironment {
	hasFailed = false;

	handleTestEvent = ({ name, test }) => {
		if (name === 'test_fn_failure' || name === 'hook_failure') this.hasFailed = true;
		if (name === 'test_start' && this.hasFailed) test.mode = 'skip';
	};
};
