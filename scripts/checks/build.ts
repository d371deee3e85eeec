import { join } from 'node:path';

import type { Outcome, Surroundings } from './check';
import { succeeded } from './command';
import { compareFolders } from './compareFolders';

/** n8n's own build copies every picture of the repository into dist; those of the pages are no part of the package. */
const pageOrHelp = /^(docs|examples|sandbox)\/.*\.(png|svg)$/;

/** Whether `n8n-node build` gives what the gulp build gives. Both are made in copies. */
export async function build({ copy }: Surroundings): Promise<Outcome> {
	const { folder, another } = await copy();
	const theirs = await another('n8n-node');
	await succeeded('n8n-node', ['build'], theirs);
	const { only, onlyOther, differ } = await compareFolders(join(folder, 'dist'), join(theirs, 'dist'));
	const pictures = onlyOther.filter((file) => pageOrHelp.test(file));
	return {
		summary: `n8n-node build gives the same dist; it also copies ${pictures.length} pictures of the pages, which stay out of the package`,
		problems: [
			...only.map((file) => `dist/${file}: only the gulp build makes it`),
			...onlyOther.filter((file) => !pageOrHelp.test(file)).map((file) => `dist/${file}: only n8n-node build makes it`),
			...differ.map((file) => `dist/${file}: the two builds differ`),
		],
	};
}
