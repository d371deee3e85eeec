import { pinProblems } from './pins';

const HASH = '08c6903cd8c0fde910a37f88322edcfb5dd907a8';

test('accepts an action pinned by its commit, a part of one, and one of this repository', () => {
	const text = [
		`      - uses: actions/checkout@${HASH} # v5.0.0`,
		`        uses: github/codeql-action/init@${HASH} # v4.30.8`,
		'      - uses: ./.github/actions/set-up',
		'      - run: echo "uses: nothing"',
	].join('\n');
	expect(pinProblems('ci.yml', text)).toEqual([]);
});

test.each(['actions/checkout@v5', 'actions/checkout@main', `actions/checkout@${HASH}`, `actions/checkout@${HASH.slice(0, 7)} # v5.0.0`, `actions/checkout@${HASH} # v5`, 'docker://alpine:3'])(
	'rejects %s, which can move or has no version comment',
	(used) => {
		expect(pinProblems('ci.yml', `steps:\n  - uses: ${used}\n`)).toEqual([expect.stringMatching(/^ci\.yml:2: .* must be pinned/)]);
	},
);
