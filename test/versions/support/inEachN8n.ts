import { chosenN8nVersions } from '../../../harness/n8nVersions';
import type { SandboxSettings } from '../../../sandbox';
import { Bench } from '../../n8n/support/bench';
import type { OnBench } from '../../n8n/support/useBench';
import { useOpened } from '../../n8n/support/useBench';

/** Runs the same tests in each chosen version of n8n, one after the other, each with a stand-in of its own. */
export function inEachN8n(settings: Partial<SandboxSettings>, tests: (on: OnBench) => void): void {
	describe.each(chosenN8nVersions())('n8n %s', (version) => {
		tests(useOpened(async () => await Bench.open({}, version), settings));
	});
}
