import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import type { StoredWorkflow } from '../../../harness/n8n/workflow';
import { STYLES } from '../../../sandbox';
import type { N8nContext } from '../../support/n8n';
import { imported, sample, stylized } from './support';

interface Page {
	text: string;
	/** The page's own address, which it calls back to. */
	url: string;
}

/** Fills in the form, sends it as the page's script does, and waits for the page that it leads to. */
async function submitted(formUrl: string, style: string, prompt: string): Promise<Page> {
	const body = new FormData();
	body.append('field-0', new Blob([await readFile(sample)], { type: 'video/mp4' }), 'my video.mp4');
	body.append('field-1', style);
	body.append('field-2', prompt);
	const answer = await fetch(formUrl, { method: 'POST', body });
	const { formWaitingUrl } = (await answer.json()) as { formWaitingUrl: string };
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

/** Publishes the form, and takes it off its address when the test is through, so that the next one can publish it there. */
async function withForm(on: N8nContext, test: (url: string, workflow: StoredWorkflow) => Promise<void>): Promise<void> {
	const workflow = await imported(on, 'upload-form.json', {});
	await on.n8n.instance.activate(workflow);
	const form = workflow.nodes.find(({ type }) => type.endsWith('.formTrigger'));
	try {
		await test(`${on.n8n.instance.url}/form/${form?.webhookId ?? ''}`, workflow);
	} finally {
		await on.n8n.instance.rest.call('POST', `/workflows/${workflow.id}/deactivate`, {});
	}
}

/** The form from upload to the page that ends it. */
export function formTests(on: N8nContext): void {
	test('the uploaded video is restyled, and the page in the browser plays the finished one', async () => {
		await withForm(on, async (url, workflow) => {
			const page = await submitted(url, 'Ink Wash', 'soft light');
			const sha256 = createHash('sha256').update(await readFile(sample)).digest('hex');
			expect(on.sandbox.tasks).toMatchObject([{ style: 'ink_wash', prompt: 'soft light', video: { kind: 'base64', sha256 } }]);
			const source = /<video [^>]*><source src="([^"]+)" type="video\/mp4"/.exec(page.text)?.[1] ?? '';
			const video = await request(source);
			expect(Buffer.from(await video.body.arrayBuffer()).equals(await stylized())).toBe(true);
			expect((await fetch(page.url, { method: 'POST' })).status).toBe(200);
			expect((await on.n8n.instance.newestExecution(workflow)).status).toBe('success');
		});
	});

	test('each style that the form offers is one of HiDream\'s', async () => {
		await withForm(on, async (url) => {
			const html = await (await fetch(url)).text();
			const offered = [...html.matchAll(/<option value=["']([^"']+)["']/g)].map(([, name = '']) => name);
			expect(offered).toHaveLength(STYLES.length);
			await Promise.all(offered.map(async (style) => await submitted(url, style, '')));
			expect(on.sandbox.tasks.map(({ style }) => style).sort()).toEqual([...STYLES].sort());
		});
	});

	test('who uploads what HiDream will not have is told so, and so is who meets a broken account', async () => {
		await withForm(on, async (url) => {
			expect((await submitted(url, 'Anime', '[reject]')).text).toContain('The content review refused this video');
			expect((await submitted(url, 'Anime', '[fail]')).text).toContain('HiDream could not restyle this video');
			on.sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 2007 } });
			expect((await submitted(url, 'Anime', '')).text).toMatch(/Tell the owner of this form the number \d+/);
			expect(on.sandbox.tasks).toHaveLength(2);
		});
	});

	test('who uploads what may have been paid for is asked not to send it again', async () => {
		await withForm(on, async (url) => {
			on.sandbox.faults.add({ on: 'submit', fault: { type: 'reset', when: 'afterAccept' } });
			expect((await submitted(url, 'Anime', '')).text).toMatch(/Please do not send it again: it might be paid for twice\./);
			expect(on.sandbox.tasks).toHaveLength(1);
		});
	});
}
