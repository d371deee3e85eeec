/** Licenses that allow building and testing with a package. Users get none of these packages. */
export const ALLOWED_LICENSES = [
	'0BSD',
	'Apache-2.0',
	'BlueOak-1.0.0',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'CC-BY-3.0',
	'CC-BY-4.0',
	'CC0-1.0',
	'ISC',
	'MIT',
	'MIT-0',
	'Python-2.0',
	'Unlicense',
	'WTFPL',
	'Zlib',
];

/** Packages with a manually reviewed license, since SPDX has no name for it or the lock lacks it. */
export const REVIEWED: { packages: RegExp; said: string | undefined; why: string }[] = [
	{
		packages: /^(@n8n\/.+|n8n-(core|workflow))$/,
		said: 'SEE LICENSE IN LICENSE.md',
		why: "n8n's Sustainable Use License: free for building and testing a node",
	},
	{
		packages: /^@n8n_io\/ai-assistant-sdk$/,
		said: 'LicenseRef-n8n-enterprise',
		why: 'comes with n8n-core, and is not called',
	},
	{
		packages: /^@cspell\/dict-en-common-misspellings$/,
		said: 'CC BY-SA 4.0',
		why: 'a word list of the spelling check',
	},
	{ packages: /^(buildcheck|cpu-features|ssh2)$/, said: undefined, why: 'MIT, in the older field "licenses"' },
];
