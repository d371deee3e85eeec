import type { Manifest } from '../../../scripts/checks/manifest';
import { sbomProblems } from '../../../scripts/checks/sbom';

const MANIFEST: Manifest = {
	name: 'n8n-nodes-hidream',
	version: '1.2.3',
	license: 'MIT',
	homepage: 'https://example.com',
	repository: { url: 'https://example.com' },
};

const SBOM = {
	bomFormat: 'CycloneDX',
	specVersion: '1.5',
	serialNumber: 'urn:uuid:adf68b8a-c52f-4a1f-89d5-0650e0a8271f',
	metadata: {
		timestamp: '2026-05-04T03:02:01.000Z',
		component: {
			name: 'n8n-nodes-hidream',
			version: '1.2.3',
			purl: 'pkg:npm/n8n-nodes-hidream@1.2.3',
			licenses: [{ license: { id: 'MIT' } }],
		},
	},
	components: [],
};

const withComponent = (more: Record<string, unknown>) => ({
	...SBOM,
	metadata: { ...SBOM.metadata, component: { ...SBOM.metadata.component, ...more } },
});

test('the list of parts of a package that has none', () => {
	expect(sbomProblems(SBOM, MANIFEST)).toEqual([]);
});

test.each([
	['another format', { ...SBOM, bomFormat: 'SPDX' }, 'bomFormat is "SPDX"'],
	['no serial number', { ...SBOM, serialNumber: '1' }, 'serialNumber'],
	['no time', { ...SBOM, metadata: { ...SBOM.metadata, timestamp: 'today' } }, 'metadata.timestamp'],
	['the name of a folder', withComponent({ name: 'main' }), 'metadata.component.name is "main"'],
	['another version', withComponent({ version: '1.2.2' }), 'metadata.component.version'],
	['no licence', withComponent({ licenses: [] }), 'metadata.component.licenses is undefined'],
	['a part that does not ship', { ...SBOM, components: [{ name: 'jest' }] }, 'components is "jest"'],
])('%s', (_, sbom, problem) => {
	expect(sbomProblems(sbom, MANIFEST)).toEqual([expect.stringContaining(`SBOM: ${problem}`)]);
});

test('a part that ships is on the list', () => {
	const manifest = { ...MANIFEST, dependencies: { axios: '1.0.0' } };
	expect(sbomProblems(SBOM, manifest)).toEqual(['SBOM: components is "", not "axios"']);
	expect(sbomProblems({ ...SBOM, components: [{ name: 'axios' }] }, manifest)).toEqual([]);
});
