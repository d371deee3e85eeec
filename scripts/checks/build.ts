import { join } from 'node:path';

import type { CheckOutcome, CheckContext } from './check';
import { succeeded } from './command';
import { compareFolders } from './compareFolders';

/** n8n's own build copies every picture of the repository into dist; those of the docs are not part of the package. */
const pageOrHelp = /^(docs|examples|sandbox)\/.*\.(png|svg)$/;

/** Whether `n8n-node build` and our build have the same result. Both run in copies. */
export async function build({ copy }: CheckContext): Promise<CheckOutcome> {
	const { folder, another } = await copy();
	const theirs = await another('n8n-node');
	await succeeded('n8n-node', ['build'], theirs);
	const { only, onlyOther, differ } = await compareFolders(join(folder, 'dist'), join(theirs, 'dist'));
	const pictures = onlyOther.filter((file) => pageOrHelp.test(file));
	return {
		summary: `n8n-node build has the same result; it also copies ${pictures.length} pictures of the docs, which are not in the package`,
		problems: [
			...only.map((file) => `dist/${file}: only in our build`),
			...onlyOther.filter((file) => !pageOrHelp.test(file)).map((file) => `dist/${file}: only in n8n-node build`),
			...differ.map((file) => `dist/${file}: the two builds differ`),
		],
	};
}
