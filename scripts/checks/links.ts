import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VFile } from 'vfile';

import type { CheckOutcome, CheckContext } from './check';
import { readManifest } from './manifest';

const PAGES = /\.md$/;

/** Files other than pages that link to our pages. */
const SENDERS = /^(package\.json|nodes\/.*\.(node\.json|ts)|credentials\/.*\.ts)$/;

/** The links in the code to our own pages, as a page, so that they are checked like all others. */
async function linksOfTheCode(root: string, files: string[], homepage: string): Promise<string> {
	const own = new RegExp(`${homepage}[^'"\`\\s)]*`, 'g');
	const senders = files.filter((file) => SENDERS.test(file));
	const found = await Promise.all(senders.map(async (file) => (await readFile(join(root, file), 'utf8')).match(own) ?? []));
	return found.flat().map((url) => `<${url}>`).join('\n\n');
}

async function validated(cwd: string, files: (string | VFile)[], repository: string): Promise<VFile[]> {
	const { engine } = await import('unified-engine');
	const { remark } = await import('remark');
	const { default: remarkValidateLinks } = await import('remark-validate-links');
	return await new Promise((resolve, reject) => {
		const plugins = [[remarkValidateLinks, { repository, root: cwd }]] as never[];
		engine({ processor: remark(), cwd, files, plugins, output: false, out: false, reporter: () => '' }, (error, _code, context) => {
			if (error) reject(error);
			else resolve(context?.files ?? []);
		});
	});
}

/** Checks every link to a file or a heading of this repository. Does not use the network. */
export async function links({ root, files }: CheckContext): Promise<CheckOutcome> {
	const { VFile } = await import('vfile');
	const manifest = await readManifest(root);
	const pages = files.filter((file) => PAGES.test(file));
	const code = new VFile({
		path: 'links-of-the-code.md',
		cwd: root,
		value: await linksOfTheCode(root, files, manifest.homepage.replace(/#.*/, '')),
	});
	const checked = await validated(root, [...pages, code], manifest.repository.url);
	return {
		summary: `${pages.length} pages, and the links in the code to them`,
		problems: checked.flatMap(({ path, messages }) =>
			messages.map(({ line, reason }) => `${path}:${line ?? 1}: ${reason}`),
		),
	};
}
