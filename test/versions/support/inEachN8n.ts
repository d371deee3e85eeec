import { chosenN8nVersions } from '../../../harness/n8nVersions';
import type { SandboxSettings } from '../../../sandbox';
import { Bench } from '../../n8n/support/bench';
import type { OnBench } from '../../n8n/support/useBench';
import { useOpened } from '../../n8n/support/useBench';

/** Whether a version of n8n is older than another. */
export const isBefore = (version: string, other: string): boolean => version.localeCompare(other, 'en', { numeric: true }) < 0;

/** Runs the same tests in each chosen version of n8n, one after the other, each with a stand-in of its own. */
export function inEachN8n(settings: Partial<SandboxSettings>, tests: (on: OnBench, version: string) => void): void {
	describe.each(chosenN8nVersions())('n8n %s', (version) => {
		tests(useOpened(async () => await Bench.open({}, version), settings), version);
	});
}
