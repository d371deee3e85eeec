import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contract } from './contract';

const fileOf = (root: string): string => join(root, 'contract', 'released.json');

/** The contract of the last release; undefined before the first. */
export async function readReleased(root: string): Promise<Contract | undefined> {
	const file = fileOf(root);
	return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Contract) : undefined;
}

/** Writes the contract of a release. */
export async function writeReleased(root: string, contract: Contract): Promise<void> {
	await writeFile(fileOf(root), `${JSON.stringify(contract, null, '\t')}\n`);
}
