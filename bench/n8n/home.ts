import { cp } from 'node:fs/promises';
import { temporaryFolder } from '../../harness/guard';
import { startN8n } from '../../harness/n8nInstance';
import { benchedPackages } from './packages';

let template: Promise<string> | undefined;

/** A home with both packages installed and n8n's database created, which takes most of the time of a start. */
async function firstHome(): Promise<string> {
	const userFolder = await temporaryFolder('bench-home');
	const n8n = await startN8n({ ...(await benchedPackages()), userFolder });
	await n8n.stop();
	return userFolder;
}

/** A new home for an n8n that has never run anything; the caller removes it. */
export async function freshHome(): Promise<string> {
	template ??= firstHome();
	const home = await temporaryFolder('bench-home');
	await cp(await template, home, { recursive: true });
	return home;
}
