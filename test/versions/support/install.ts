import { ensureN8nVersions } from '../../../harness/n8nVersions';
import { packageTarball, tarballVariable } from '../../../harness/packageTarball';

/** Before the first test: brings every chosen n8n, which takes longer than a test may, and packs the package once. */
export default async function install(): Promise<void> {
	await ensureN8nVersions((line) => console.log(line));
	process.env[tarballVariable] = await packageTarball();
}
