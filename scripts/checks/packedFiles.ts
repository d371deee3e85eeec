/** The files that npm users get. A new kind of file must be allowed here first. */
const ALLOWED = [
	/^(package\.json|README\.md|LICENSE\.md|index\.js)$/,
	/^dist\/credentials\/HiDreamApi\.credentials\.js$/,
	/^dist\/nodes\/(StylizeVideo|StylizeVideoTrigger)\/\w+\.node\.(js|json)$/,
	/^dist\/nodes\/(async|hidream|limiter|polling|shared|submission|video|StylizeVideoTrigger|StylizeVideo)(\/\w+)*\/\w+\.js$/,
	/^dist\/nodes\/(StylizeVideo|StylizeVideoTrigger)\/__schema__\/v[\d.]+(\/\w+)*\.json$/,
	/^dist\/icons\/hidream(\.dark)?\.svg$/,
];

/** The files that n8n needs. */
const NEEDED = [
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

/** Files that must not be packed, and missing ones. Paths are relative to the package, with forward slashes. */
export function packedProblems(files: string[]): string[] {
	return [
		...files
			.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))
			.map((file) => `${file}: packed, but scripts/checks/packedFiles.ts does not allow it`),
		...NEEDED.filter((file) => !files.includes(file)).map((file) => `${file}: not packed`),
	];
}
