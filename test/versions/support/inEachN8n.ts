import { chosenN8nVersions } from '../../../harness/n8nVersions';
import type { SandboxSettings } from '../../../sandbox';
import { TestN8n } from '../../support/n8n';
import type { N8nContext } from '../../support/n8n';
import { useOpened } from '../../support/n8n';

/** Whether a version of n8n is older than another. */
export const isBefore = (version: string, other: string): boolean => version.localeCompare(other, 'en', { numeric: true }) < 0;

/** Runs the same tests in each chosen version of n8n, one after the other, each with a stand-in of its own. */
export function inEachN8n(settings: Partial<SandboxSettings>, tests: (on: N8nContext, version: string) => void): void {
	describe.each(chosenN8nVersions())('n8n %s', (version) => {
		tests(useOpened(async () => await TestN8n.open({}, version), settings), version);
	});
}
