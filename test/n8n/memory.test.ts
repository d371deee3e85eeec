/** An n8n that keeps binaries in memory, and in the execution's own data: no binary there has an ID to stream it by. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DEFAULT_SETTINGS } from '../../sandbox';
import { useN8n } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(300_000);

const on = useN8n({}, { N8N_DEFAULT_BINARY_DATA_MODE: 'default' });

const byFile = { operation: 'submit', inputType: 'binary', binaryPropertyName: 'data', style: 'anime', prompt: '', options: {} };

test('a video in memory arrives byte for byte', async () => {
	const bytes = Buffer.alloc(5 * 1024 * 1024 + 1, 'frames and more frames\0');
	const filePath = join(on.n8n.files, 'video.mp4');
	await writeFile(filePath, bytes);
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byFile, readFile: true });
	const { execution } = await on.n8n.send(workflow, [{ filePath }]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.items('File')[0]?.binary?.['data']).not.toHaveProperty('id');
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	expect(on.sandbox.tasks.map(({ video }) => video)).toEqual([{ kind: 'base64', bytes: bytes.length, sha256 }]);
});

test('the finished video comes back into memory byte for byte', async () => {
	const waiting = { operation: 'submitAndWait', waitFor: 'polling', downloadVideo: true, outputBinaryPropertyName: 'video' };
	const parameters = { ...byUrl, ...waiting, options: { pollInterval: 2 } };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters });
	const { execution } = await on.n8n.send(workflow, [videoItem(1)]);
	const [item] = execution.items(hidreamName);
	expect([execution.error, item?.json['status']]).toEqual([undefined, 'succeeded']);
	expect(item?.json).not.toHaveProperty('download_error');
	const video = item?.binary?.['video'];
	expect(video).toMatchObject({ mimeType: 'video/mp4' });
	expect(video).not.toHaveProperty('id');
	expect(Buffer.from(video?.data ?? '', 'base64').equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
});

test('a link cannot be made to a video in memory: the item says so, and nothing is sent', async () => {
	const filePath = join(on.n8n.files, 'link.mp4');
	await writeFile(filePath, 'a video');
	const parameters = { ...byFile, inputType: 'binaryLink' };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, readFile: true });
	const { execution } = await on.n8n.send(workflow, [{ filePath }]);
	expect(execution.status).toBe('error');
	expect(execution.error?.message).toMatch(/memory/);
	expect(on.sandbox.tasks).toEqual([]);
});
