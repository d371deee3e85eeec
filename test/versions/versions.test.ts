/** The package in the oldest supported n8n, or in the versions of N8N_VERSIONS. `test/n8n` uses the usual one. */
import { chosenN8nVersions } from '../../harness/n8nVersions';
import { TestN8n, useOpened } from '../support/n8n';
import { resultTests } from './results';
import { submitTests } from './submit';

jest.setTimeout(240_000);

describe.each(chosenN8nVersions())('n8n %s', (version) => {
	// Tasks only end when a test settles them.
	const on = useOpened(async () => await TestN8n.open({}, version), { taskSeconds: 3_600 });

	describe('Submit', () => submitTests(on, version));
	describe('results', () => resultTests(on));
});
