import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import type { StoredWorkflow } from '../../../harness/n8n/workflow';
import { importExample } from '../../support/examples';
import { resultVideo, sampleVideo } from '../../support/media';
import type { N8nContext } from '../../support/n8n';

interface Page {
	text: string;
	/** The page's own address, which it calls. */
	url: string;
}

/** Fills in the form, sends it like the page's script, and waits for the next page. */
async function submitted(formUrl: string, style: string, prompt: string): Promise<Page> {
	const body = new FormData();
	body.append('field-0', new Blob([await readFile(sampleVideo)], { type: 'video/mp4' }), 'my video.mp4');
	body.append('field-1', style);
	body.append('field-2', prompt);
	const response = await fetch(formUrl, { method: 'POST', body });
	const { formWaitingUrl } = (await response.json()) as { formWaitingUrl: string };
	const status = new URL(formWaitingUrl);
	status.pathname += '/n8n-execution-status';
	for (const deadline = Date.now() + 120_000; ; await sleep(500)) {
		const now = await (await fetch(status)).text();
		if (now === 'form-waiting') break;
		if (now !== 'running' && now !== 'waiting' && now !== 'new') throw new Error(`The run of the form is "${now}".`);
		if (Date.now() > deadline) throw new Error(`The run of the form is still "${now}".`);
	}
	return { text: await (await fetch(formWaitingUrl)).text(), url: formWaitingUrl };
}

/** Publishes the form for one test: all tests use its URL. */
async function withForm(on: N8nContext, test: (url: string, workflow: StoredWorkflow) => Promise<void>): Promise<void> {
	const workflow = await importExample(on, 'upload-form.json', {});
	await on.n8n.instance.activate(workflow);
	const form = workflow.nodes.find(({ type }) => type.endsWith('.formTrigger'));
	try {
		await test(`${on.n8n.instance.url}/form/${form?.webhookId ?? ''}`, workflow);
	} finally {
		await on.n8n.instance.deactivate(workflow);
	}
}

/** The form, from the upload to the final page. */
export function formTests(on: N8nContext): void {
	test('restyles the uploaded video, and plays the finished one on the page', async () => {
		await withForm(on, async (url, workflow) => {
			const page = await submitted(url, 'Ink Wash', 'soft light');
			const sha256 = createHash('sha256').update(await readFile(sampleVideo)).digest('hex');
			expect(on.sandbox.tasks).toMatchObject([{ style: 'ink_wash', prompt: 'soft light', video: { kind: 'base64', sha256 } }]);
			const source = /<video [^>]*><source src="([^"]+)" type="video\/mp4"/.exec(page.text)?.[1] ?? '';
			const video = await request(source);
			expect(Buffer.from(await video.body.arrayBuffer()).equals(await resultVideo())).toBe(true);
			expect((await fetch(page.url, { method: 'POST' })).status).toBe(200);
			expect((await on.n8n.instance.newestExecution(workflow)).status).toBe('success');
		});
	});

	test('the page explains a rejected video, a failed video and a problem of the account', async () => {
		await withForm(on, async (url) => {
			expect((await submitted(url, 'Anime', '[reject]')).text).toContain('HiDream rejected the content of this video');
			expect((await submitted(url, 'Anime', '[fail]')).text).toContain('HiDream could not restyle this video');
			on.sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 2007 } });
			expect((await submitted(url, 'Anime', '')).text).toMatch(/Tell the owner of this form the execution ID \d+/);
			expect(on.sandbox.tasks).toHaveLength(2);
		});
	});

	test('after an uncertain submit, the page asks not to send the video again', async () => {
		await withForm(on, async (url) => {
			on.sandbox.faults.add({ on: 'submit', fault: { type: 'reset', when: 'afterAccept' } });
			expect((await submitted(url, 'Anime', '')).text).toMatch(/Please do not send it again: the owner of this form may pay twice\./);
			expect(on.sandbox.tasks).toHaveLength(1);
		});
	});
}
