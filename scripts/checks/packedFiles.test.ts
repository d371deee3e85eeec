import { packedProblems } from './packedFiles';

const PUBLISHED = [
	'LICENSE.md',
	'README.md',
	'dist/credentials/HiDreamApi.credentials.js',
	'dist/icons/hidream.dark.svg',
	'dist/icons/hidream.svg',
	'dist/nodes/StylizeVideoTrigger/StylizeVideoTrigger.node.js',
	'dist/nodes/StylizeVideoTrigger/StylizeVideoTrigger.node.json',
	'dist/nodes/StylizeVideo/StylizeVideo.node.js',
	'dist/nodes/StylizeVideo/StylizeVideo.node.json',
	'index.js',
	'package.json',
];

test('accepts a package with its code and the files that n8n needs', () => {
	expect(packedProblems([...PUBLISHED, 'dist/nodes/hidream/verdict.js', 'dist/nodes/StylizeVideo/operations/submit.js'])).toEqual([]);
});

test.each(['dist/docs/submit.png', 'dist/nodes/StylizeVideo/plan.js.map', 'dist/nodes/secrets/token.js', 'nodes/StylizeVideo/plan.ts', '.env'])(
	'rejects %s',
	(file) => {
		expect(packedProblems([...PUBLISHED, file])).toEqual([expect.stringContaining(`${file}: packed`)]);
	},
);

test('names a missing file', () => {
	expect(packedProblems(PUBLISHED.filter((file) => file !== 'index.js'))).toEqual(['index.js: not packed']);
});
