import type { INodeParameters } from 'n8n-workflow';

import type { NodePanel } from '../../../harness/browser/nodePanel';
import { triggerName, triggerWorkflow } from '../../support/triggerWorkflow';
import { choicesOf, dropdownsOf, editorOptionsOf, triggerHelp, triggerParameter } from '../support/description';
import type { EditorContext } from '../support/editor';
import { nodeName } from '../support/editor';

/** The open node shows every dropdown as described, and only the fields that apply. */
export function fields(on: EditorContext): void {
	async function open(parameters: INodeParameters): Promise<NodePanel> {
		const editor = await on.editor();
		await editor.openWorkflow((await on.workflow(parameters)).id);
		return await editor.openNode(nodeName);
	}

	/** The values for which every option of the operations is shown. */
	const showsAllOptions: INodeParameters = { inputType: 'binaryLink', waitFor: 'polling', downloadVideo: true };

	test.each(['submit', 'submitAndWait', 'getResult', 'check'])('%s shows the dropdowns and options of the node in their order', async (operation) => {
		const node = await open({ operation, ...showsAllOptions });
		const described = editorOptionsOf(operation);
		for (const dropdown of dropdownsOf(operation)) {
			// n8n adds its own entry to operations.
			const shown = (await node.choices(dropdown.name)).filter(({ name }) => name !== 'Custom API Call');
			expect(shown).toEqual(choicesOf(dropdown));
		}
		expect(await node.offeredOptions()).toEqual(described.map(({ displayName }) => displayName));
		for (const dropdown of described.filter(({ type }) => type === 'options')) {
			await node.addOption(dropdown.displayName);
			expect(await node.choices(dropdown.name)).toEqual(choicesOf(dropdown));
			expect(await node.explanation(dropdown.name)).toBe(dropdown.description);
		}
	});

	test('the trigger shows its events in their order, a description of when it triggers, and its production URL', async () => {
		const editor = await on.editor();
		const workflow = triggerWorkflow('events', { events: ['failed'], downloadVideo: false });
		await editor.openWorkflow((await on.n8n.instance.importWorkflow(workflow, [await on.n8n.credential(on.sandbox)])).id);
		const node = await editor.openNode(triggerName);
		const wanted = choicesOf(triggerParameter('events'));
		expect(await node.choices('events')).toEqual(wanted);
		expect(wanted.length).toBeGreaterThan(1);
		await editor.untilTriggerHelp(triggerHelp());
		await editor.showProductionUrl();
	});

	const video = ['Style', 'Prompt'];

	test('shows fields for the operation, the input type and Download Video', async () => {
		const node = await open({ operation: 'submit' });
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Video URL', ...video, 'Options']);

		await node.choose('inputType', 'Binary File');
		await node.until('Video URL', 'hidden');
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Input Binary Field', ...video, 'Options']);
		const linkNotice = node.text('HiDream fetches the video from this n8n.');
		expect(await linkNotice.count()).toBe(0);

		await node.choose('inputType', 'Link to Binary File');
		await linkNotice.waitFor();
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Input Binary Field', ...video, 'Options']);

		await node.choose('operation', 'Submit and Wait');
		await node.until('Wait By', 'visible');
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Input Binary Field', ...video, 'Wait By', 'Download Video', 'Options']);

		const callbackNotice = node.text('HiDream must have whitelisted your account for callbacks');
		expect(await callbackNotice.count()).toBe(0);
		await node.choose('waitFor', 'Callback');
		await callbackNotice.waitFor();

		await node.toggle('downloadVideo');
		await node.until('Put Output File in Field', 'visible');

		await node.choose('operation', 'Get Result');
		await node.until('Task ID', 'visible');
		expect(await node.fields()).toEqual(['Operation', 'Task ID', 'Download Video', 'Put Output File in Field', 'Options']);
	});

	test('Check has the video, the style and the prompt of Submit', async () => {
		const node = await open({ operation: 'check' });
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Video URL', ...video, 'Options']);
	});

	test('Wait By: Callback hides the options of polling', async () => {
		const operation = 'submitAndWait';
		const node = await open({ operation, ...showsAllOptions, waitFor: 'callback' });
		const offered = await node.offeredOptions();
		const all = editorOptionsOf(operation).map(({ displayName }) => displayName);
		expect(all.filter((name) => !offered.includes(name))).toEqual(['Poll Interval (Seconds)']);
		expect(offered.filter((name) => !all.includes(name))).toEqual([]);
	});

	test('only Submit has the option Notify URL', () => {
		const named = (operation: string): string[] => editorOptionsOf(operation).map(({ displayName }) => displayName);
		expect(['submit', 'submitAndWait', 'getResult', 'check'].filter((operation) => named(operation).includes('Notify URL'))).toEqual(['submit']);
	});
}
