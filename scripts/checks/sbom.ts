import { join } from 'node:path';

import type { CheckOutcome, CheckContext } from './check';
import { succeeded } from './command';
import type { Manifest } from './manifest';
import { readManifest, runtimeDependencies } from './manifest';

/** The part of a CycloneDX document that the check reads. */
interface Sbom {
	bomFormat?: string;
	specVersion?: string;
	serialNumber?: string;
	metadata?: {
		timestamp?: string;
		component?: { name?: string; version?: string; purl?: string; licenses?: { license?: { id?: string } }[] };
	};
	components?: { name: string }[];
}

/** Problems with the SBOM of a package. Each field that CycloneDX 1.5 requires must exist and match the package. */
export function sbomProblems(sbom: Sbom, manifest: Manifest): string[] {
	const { name, version, license } = manifest;
	const component = sbom.metadata?.component;
	const said: [string, unknown, string][] = [
		['bomFormat', sbom.bomFormat, 'CycloneDX'],
		['specVersion', sbom.specVersion, '1.5'],
		['metadata.component.name', component?.name, name],
		['metadata.component.version', component?.version, version],
		['metadata.component.purl', component?.purl, `pkg:npm/${name}@${version}`],
		['metadata.component.licenses', component?.licenses?.[0]?.license?.id, license],
		['components', sbom.components?.map((part) => part.name).join(', '), runtimeDependencies(manifest).join(', ')],
	];
	const wrong = said
		.filter(([, found, wanted]) => found !== wanted)
		.map(([field, found, wanted]) => `${field} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
	const uuid = /^urn:uuid:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
	if (!uuid.test(sbom.serialNumber ?? '')) wrong.push('serialNumber is not a UUID');
	if (Number.isNaN(Date.parse(sbom.metadata?.timestamp ?? ''))) wrong.push('metadata.timestamp is not a time');
	return wrong.map((problem) => `SBOM: ${problem}`);
}

const NPM_SBOM = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];

/** Creates the SBOM of a release like the release workflow, and those of the tools of each package. */
export async function sbom({ root, packages, copy }: CheckContext): Promise<CheckOutcome> {
	const { folder } = await copy();
	const made = JSON.parse(await succeeded('npm', [...NPM_SBOM, '--omit', 'dev'], folder)) as Sbom;
	let tools = 0;
	for (const own of packages) {
		const { components = [] } = JSON.parse(await succeeded('npm', NPM_SBOM, join(root, own))) as Sbom;
		tools += components.length;
	}
	return {
		summary: `CycloneDX ${made.specVersion ?? '?'}, ${made.components?.length ?? 0} parts besides the package itself; ${tools} tools of ${packages.length} packages`,
		problems: sbomProblems(made, await readManifest(folder)),
	};
}
