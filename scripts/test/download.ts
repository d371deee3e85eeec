/** Installs the versions of n8n in the arguments. */
import { ensureN8n } from '../../harness/n8nInstall';

async function main(): Promise<void> {
	for (const version of process.argv.slice(2)) await ensureN8n(() => undefined, version);
}

main().then(
	() => process.exit(0),
	() => process.exit(1),
);
