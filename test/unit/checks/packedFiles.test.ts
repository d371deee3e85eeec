import { packedProblems } from '../../../scripts/checks/packedFiles';

const PUBLISHED = [
	'LICENSE.md',
	'README.md',
	'dist/credentials/HiDreamApi.credentials.js',
	'dist/icons/hidream.dark.svg',
	'dist/icons/hidream.svg',
	'dist/nodes/HiDreamTrigger/HiDreamTrigger.node.js',
	'dist/nodes/HiDreamTrigger/HiDreamTrigger.node.json',
	'dist/nodes/StylizeVideo/StylizeVideo.node.js',
	'dist/nodes/StylizeVideo/StylizeVideo.node.json',
	'index.js',
	'package.json',
];

describe('the files of the package', () => {
	test('what n8n needs, and code beside it', () => {
		expect(packedProblems([...PUBLISHED, 'dist/nodes/hidream/verdict.js', 'dist/nodes/StylizeVideo/operations/submit/execute.js'])).toEqual([]);
	});

	test.each([
		'dist/docs/submit.png',
		'dist/nodes/StylizeVideo/plan.js.map',
		'dist/nodes/StylizeVideo/plan.d.ts',
		'dist/test/unit/plan.test.js',
		'dist/nodes/secrets/token.js',
		'nodes/StylizeVideo/plan.ts',
		'dist/build.tsbuildinfo',
		'.npmrc',
		'.env',
	])('%s is not one of them', (file) => {
		expect(packedProblems([...PUBLISHED, file])).toEqual([expect.stringContaining(`${file}: packed`)]);
	});

	test.each(PUBLISHED)('%s must be there', (file) => {
		expect(packedProblems(PUBLISHED.filter((one) => one !== file))).toEqual([`${file}: not packed`]);
	});
});
