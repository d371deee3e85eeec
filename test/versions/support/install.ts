import { ensureN8nVersions } from '../../../harness/n8nVersions';
import { packageTarball, tarballVariable } from '../../../harness/packageTarball';

/** Before the first test: installs every chosen n8n, which exceeds the time limit of a test, and packs the package once. */
export default async function install(): Promise<void> {
	await ensureN8nVersions((line) => console.log(line));
	process.env[tarballVariable] = await packageTarball();
}
