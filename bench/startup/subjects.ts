import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { filesIn } from '../../harness/filesIn';
import type { Subject } from './loads';

interface Manifest {
	n8n: { nodes: string[]; credentials: string[] };
}

/** n8n's own nodes for similar work, each with its credential. */
const THEIRS = [
	{ name: 'n8n: HTTP Request', folder: 'n8n-nodes-base', files: ['nodes/HttpRequest/HttpRequest.node.js', 'credentials/HttpBearerAuth.credentials.js'] },
	{ name: 'n8n: MiniMax', folder: '@n8n/n8n-nodes-langchain', files: ['nodes/vendors/MiniMax/MiniMax.node.js', 'credentials/MinimaxApi.credentials.js'] },
];

const PRELOAD = ['n8n-workflow'];

/** Where n8n lets community packages look for modules that they do not contain. */
const nodePathOf = (n8nFolder: string): string =>
	[join(n8nFolder, 'node_modules', 'n8n', 'node_modules'), join(n8nFolder, 'node_modules')].join(delimiter);

/** This package, unpacked: everything that n8n loads of it. */
export async function ourSubject(folder: string, n8nFolder: string): Promise<Subject> {
	const { n8n } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
	const start = [...n8n.nodes, ...n8n.credentials].map((file) => join(folder, file));
	const dist = join(folder, 'dist');
	const later = (await filesIn(dist)).filter((file) => file.endsWith('.js')).map((file) => join(dist, file));
	return { name: 'this package', isOurs: true, folder, start, later, preload: PRELOAD, nodePath: nodePathOf(n8nFolder) };
}

/** n8n's own nodes, for comparison. */
export function theirSubjects(n8nFolder: string): Subject[] {
	return THEIRS.map(({ name, folder, files }) => {
		const root = join(n8nFolder, 'node_modules', folder);
		const paths = files.map((file) => join(root, 'dist', file));
		const missing = paths.find((path) => !existsSync(path));
		if (missing !== undefined) throw new Error(`n8n has no ${missing}`);
		return { name, isOurs: false, folder: root, start: paths, later: [], preload: PRELOAD, nodePath: nodePathOf(n8nFolder) };
	});
}
