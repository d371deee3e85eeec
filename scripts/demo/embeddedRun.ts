import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { removeFolder, temporaryFolder } from '../../harness/guard';
import { projectFolder } from '../../harness/packageTarball';
import { start } from '../../harness/processes';
import type { DemoService } from './service';
import type { DemoSubmission } from './submission';

/** The input of the process with n8n's engine. */
export interface EmbeddedJob {
	credentialData: ICredentialDataDecryptedObject;
	/** Without one, only the sample file is submitted. */
	videoUrl?: string;
	/** Proxy settings for the requests to HiDream. */
	proxies: NodeJS.ProcessEnv;
}

/**
 * Submits the videos with the node in n8n's own engine, and reports each one when it has ended. It ends the engine's
 * process and removes its files, also after Ctrl-C.
 */
export async function runEmbedded({ credential, videoUrl, proxies }: DemoService, onSubmission: (submission: DemoSubmission) => void): Promise<void> {
	const job: EmbeddedJob = { credentialData: credential.data, proxies, ...(videoUrl !== undefined && { videoUrl }) };
	const folder = await temporaryFolder('engine');
	const child = start(process.execPath, ['--import', 'tsx', join(__dirname, 'embedded.ts')], {
		cwd: projectFolder,
		env: { ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder },
		stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
	});
	const [input, , , output] = child.stdio as unknown as [Writable, null, null, Readable];
	input.end(JSON.stringify(job));
	createInterface({ input: output }).on('line', (line) => onSubmission(JSON.parse(line) as DemoSubmission));
	const [code] = (await once(child, 'close')) as [number | null];
	await removeFolder(folder);
	if (code !== 0) throw new Error(`n8n's engine ended with exit code ${String(code)}; its message is above.`);
}
