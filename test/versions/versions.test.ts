/** The package in the oldest n8n that it supports, or in the versions that N8N_VERSIONS names. `test/n8n` has the usual one. */
import { chosenN8nVersions } from '../../harness/n8nVersions';
import { TestN8n, useOpened } from '../support/n8n';
import { resultTests } from './results';
import { submitTests } from './submit';

jest.setTimeout(240_000);

describe.each(chosenN8nVersions())('n8n %s', (version) => {
	// Tasks end when a test says so.
	const on = useOpened(async () => await TestN8n.open({}, version), { taskSeconds: 3_600 });

	describe('Submit', () => submitTests(on, version));
	describe('results', () => resultTests(on));
});
