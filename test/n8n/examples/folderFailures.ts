/** The folder batch: files that cannot be sent now, or at all. */
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { importExample } from '../../support/examples';
import { sampleVideo } from '../../support/media';
import type { N8nContext } from '../../support/n8n';

/** Two empty folders that n8n may read and write. */
async function folders(on: N8nContext, name: string): Promise<{ inbox: string; outbox: string }> {
	const [inbox, outbox] = ['inbox', 'outbox'].map((part) => join(on.n8n.files, name, part)) as [string, string];
	await Promise.all([inbox, outbox].map(async (folder) => await mkdir(folder, { recursive: true })));
	return { inbox, outbox };
}

/** Runs one round after the other. */
export function folderFailureTests(on: N8nContext): void {
	test('an empty file fails one round, and is skipped until it has a new name or its record is deleted', async () => {
		const { inbox, outbox } = await folders(on, 'empty');
		await copyFile(sampleVideo, join(inbox, 'good.mp4'));
		await writeFile(join(inbox, 'empty.mp4'), '');
		const workflow = await importExample(on, 'folder-on-a-schedule.json', { inbox, outbox });
		const first = await on.n8n.instance.run(workflow);
		expect([first.status, first.error?.message]).toEqual(['error', expect.stringMatching(/^empty\.mp4: The file in/)]);
		expect((await readdir(inbox)).sort()).toEqual(['empty.mp4', 'empty.mp4.failed.json', 'good.mp4']);
		expect((await on.n8n.instance.run(workflow)).status).toBe('success');

		await copyFile(sampleVideo, join(inbox, 'empty.mp4'));
		await rename(join(inbox, 'empty.mp4'), join(inbox, 'full.mp4'));
		expect((await on.n8n.instance.run(workflow)).status).toBe('success');
		expect(on.sandbox.tasks).toHaveLength(2);

		await writeFile(join(inbox, 'empty.mp4'), '');
		expect((await on.n8n.instance.run(workflow)).status).toBe('success');
		await rm(join(inbox, 'empty.mp4.failed.json'));
		expect((await on.n8n.instance.run(workflow)).error?.message).toMatch(/^empty\.mp4: The file in/);
	});

	test('retries a file that HiDream refuses in the next round, unless it is too large', async () => {
		const { inbox, outbox } = await folders(on, 'refused');
		await copyFile(sampleVideo, join(inbox, 'good.mp4'));
		const workflow = await importExample(on, 'folder-on-a-schedule.json', { inbox, outbox });
		on.sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 4711, message: 'busy' } });
		expect((await on.n8n.instance.run(workflow)).error?.message).toMatch(/^good\.mp4: .*busy/);
		expect(await readdir(inbox)).toEqual(['good.mp4']);
		on.sandbox.faults.add({ on: 'submit', fault: { type: 'status', status: 413 } });
		expect((await on.n8n.instance.run(workflow)).status).toBe('error');
		expect((await readdir(inbox)).sort()).toEqual(['good.mp4', 'good.mp4.failed.json']);
		expect((await on.n8n.instance.run(workflow)).status).toBe('success');
		expect(on.sandbox.tasks).toEqual([]);
	});
}
