import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { removeFolder, temporaryFolder } from '../../harness/guard';
import { checksFolder, succeeded } from './command';

/** The input of a build and the files of a package, and the pictures, which n8n's own build copies from anywhere. */
const taken = (file: string): boolean =>
	/^(nodes|credentials|icons)\//.test(file) || !file.includes('/') || /\.(png|svg)$/.test(file);

/** A copy of the project in a separate folder: building in it does not empty the developer's dist. */
export interface BuiltCopy {
	/** The copy's folder, built. It has the package's name, since npm writes that name into the SBOM. */
	folder: string;
	/** The package as npm packs it. */
	tarball: string;
	/** The tarball unpacked, as npm installs it. */
	unpacked: string;
	/** The files in the tarball, and its size in bytes. */
	packed: { files: string[]; bytes: number };
	/** Creates another copy, not built. */
	another: (name: string) => Promise<string>;
	remove: () => Promise<void>;
}

interface NpmPack {
	filename: string;
	size: number;
	files: { path: string }[];
}

/** Copies the given files (relative to the root), builds them, packs and unpacks the package. */
export async function builtCopy(root: string, files: string[], name: string): Promise<BuiltCopy> {
	const parent = await temporaryFolder('checks');
	// Above the copies, where Node.js finds what their own node_modules lacks: n8n's command line tool.
	await symlink(join(root, checksFolder, 'node_modules'), join(parent, 'node_modules'), 'junction');
	const another = async (folderName: string): Promise<string> => {
		const folder = join(parent, folderName, name);
		await mkdir(folder, { recursive: true });
		for (const file of files.filter(taken)) {
			await mkdir(dirname(join(folder, file)), { recursive: true });
			await cp(join(root, file), join(folder, file));
		}
		// A junction needs no special permission on Windows.
		await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
		return folder;
	};
	const folder = await another('ours');
	await succeeded(process.execPath, [join('node_modules', 'gulp', 'bin', 'gulp.js'), 'build', '--silent'], folder);
	const unpacked = join(parent, 'unpacked');
	await mkdir(unpacked);
	const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', parent];
	const [made] = JSON.parse(await succeeded('npm', pack, folder)) as NpmPack[];
	if (made === undefined) throw new Error('npm pack created no tarball.');
	const tarball = join(parent, made.filename);
	await succeeded('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], parent);
	return {
		folder,
		tarball,
		unpacked,
		packed: { files: made.files.map(({ path }) => path), bytes: made.size },
		another,
		remove: async () => await removeFolder(parent),
	};
}
