import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';

import type { N8nContext } from '../support/n8n';
import { byFile, byUrl, failedName, hidreamName, videoItem } from '../support/workflows';

/** Whether a version of n8n is older than another. */
const isBefore = (version: string, other: string): boolean => version.localeCompare(other, 'en', { numeric: true }) < 0;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export function submitTests(on: N8nContext, version: string): void {
	test('submits a video by URL, with a token that n8n gets for the API key', async () => {
		const credential = await on.n8n.credential(on.sandbox, { authentication: 'apiKey', accessToken: '', apiKey: on.sandbox.apiKey });
		const workflow = await on.n8n.workflow(credential, { parameters: byUrl });
		await on.n8n.send(workflow, [videoItem(1)]);
		on.sandbox.expireTokens();
		const sent = await on.n8n.send(workflow, [videoItem(2)]);
		expect([sent.execution.error, sent.execution.status]).toEqual([undefined, 'success']);
		expect(on.sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['video 1', 'video 2']);
		const task = on.sandbox.tasks[1];
		expect(sent.execution.json(hidreamName)).toEqual([
			{
				task_id: task?.taskId,
				sub_task_ids: task?.subTaskIds,
				request_id: task?.requestId,
				status: 'submitted',
				style: 'anime',
				prompt: 'video 2',
			},
		]);
		await on.n8n.expectNoTrace(on.sandbox.apiKey, sent);
	});

	describe('a file', () => {
		const bytes = Buffer.alloc(5 * 1024 * 1024 + 1, 'not all zero\0');
		const fromDisk = async (parameters: INodeParameters) => {
			const filePath = join(on.n8n.files, 'video.mp4');
			await writeFile(filePath, bytes);
			const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, readFile: true });
			return (await on.n8n.send(workflow, [{ filePath }])).execution;
		};

		test('is streamed out of n8n\'s binary folder byte for byte', async () => {
			const execution = await fromDisk(byFile);
			expect([execution.error, execution.status]).toEqual([undefined, 'success']);
			expect(execution.items('File')[0]?.binary?.['data']?.id).toMatch(/^filesystem/);
			expect(on.sandbox.tasks.map(({ video }) => video)).toEqual([{ kind: 'base64', bytes: bytes.length, sha256: sha256(bytes) }]);
		});

		test('is served to HiDream by n8n behind a signed link', async () => {
			const execution = await fromDisk({ ...byFile, inputType: 'binaryLink' });
			expect([execution.error, execution.status]).toEqual([undefined, 'success']);
			const video = on.sandbox.tasks[0]?.video;
			const { statusCode, body } = await request(video?.kind === 'url' ? video.url : '');
			expect(statusCode).toBe(200);
			expect(sha256(Buffer.from(await body.arrayBuffer()))).toBe(sha256(bytes));
		});
	});

	test('does not pay again for a used Idempotency Key', async () => {
		const options = { idempotencyKey: '={{ $json.videoUrl }}' };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: { ...byUrl, options } });
		const first = await on.n8n.send(workflow, [videoItem(1)]);
		expect(first.execution.json(hidreamName)).toMatchObject([{ status: 'submitted' }]);
		const second = await on.n8n.send(workflow, [videoItem(1), videoItem(2)]);
		expect(second.execution.json(hidreamName)).toMatchObject([{ status: 'already_submitted', task_id: null }, { status: 'submitted' }]);
		expect(on.sandbox.tasks).toHaveLength(2);
	});

	test('a refusal ends the run with an error that says why and what to do', async () => {
		on.sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 2007 } });
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl });
		const { execution } = await on.n8n.send(workflow, [videoItem(1)]);
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toMatch(/^HiDream refused .*\(code 2007\)/);
		expect(execution.error?.description).toMatch(/credits/i);
	});

	// An older n8n only treats items without details as failed, and leaves ours on the first output.
	const branch = isBefore(version, '2.36.0') ? hidreamName : failedName;

	test(`with an error output, "${branch}" outputs the failed item with its details`, async () => {
		const settings = { onError: 'continueErrorOutput' as const };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl, settings });
		const { execution } = await on.n8n.send(workflow, [videoItem(1, { videoUrl: 'no url' }), videoItem(2)]);
		const [failed] = execution.json(branch).filter(({ error }) => error !== undefined);
		expect(failed).toMatchObject({ error: expect.stringContaining('"Video URL"') as string, details: { status: 'invalid', task_id: null } });
		const others = [...execution.json(hidreamName), ...execution.json(failedName)].filter((json) => json !== failed);
		expect(others).toMatchObject([{ status: 'submitted', prompt: 'video 2' }]);
	});

	describe('the credential test', () => {
		const verdict = async (data: ICredentialDataDecryptedObject): Promise<{ status: string; message: string }> => {
			const { id, name, type } = await on.n8n.credential(on.sandbox, data);
			const stored = await on.n8n.instance.rest.call<{ data: ICredentialDataDecryptedObject }>('GET', `/credentials/${id}?includeData=true`);
			return await on.n8n.instance.rest.call('POST', '/credentials/test', { credentials: { id, name, type, data: stored.data } });
		};

		test('accepts a valid token and a valid key, and says what is wrong with another key', async () => {
			const byKey = { authentication: 'apiKey', accessToken: '' };
			expect(await verdict({})).toMatchObject({ status: 'OK' });
			expect(await verdict({ ...byKey, apiKey: on.sandbox.apiKey })).toMatchObject({ status: 'OK' });
			expect(await verdict({ ...byKey, apiKey: 'wrong.key' })).toMatchObject({ status: 'Error', message: expect.stringMatching(/key/i) as string });
			expect(on.sandbox.tasks).toEqual([]);
		});

		const wrong = { accessToken: 'sk-wrong' };

		test('rejects a wrong token, and says so', async () => {
			expect(await verdict(wrong)).toMatchObject({ status: 'Error', message: expect.stringMatching(/token/i) as string });
		});
	});
}
