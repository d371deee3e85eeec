import { n8nVersion } from '../../../harness/cache';
import { ensureN8n } from '../../../harness/n8nInstall';
import { packageTarball, tarballVariable } from '../../../harness/packageTarball';
import { TestN8n } from '../../support/n8n';

let shared: TestN8n | undefined;

/** Before the first test file: starts the n8n that they share. */
export default async function start(): Promise<void> {
	await ensureN8n((line) => console.log(line), n8nVersion);
	process.env[tarballVariable] = await packageTarball();
	shared = await TestN8n.open();
	shared.share();
}

/** After the last test file. */
export async function stopShared(): Promise<void> {
	await shared?.close();
}
