import type { INodeParameters } from 'n8n-workflow';

import type { NodePanel } from '../../../harness/browser/nodePanel';
import { STYLES } from '../../../sandbox';
import { choicesOf, optionsOf, parameter, triggerParameter } from '../support/description';
import { triggerName, triggerWorkflow } from '../../support/triggerWorkflow';
import type { InEditor } from '../support/useEditor';
import { nodeName } from '../support/useEditor';

/** What the open node shows: every dropdown as it is described, and only the fields that mean something. */
export function fields(on: InEditor): void {
	async function open(parameters: INodeParameters): Promise<NodePanel> {
		const editor = await on.editor();
		await editor.openWorkflow((await on.workflow(parameters)).id);
		return await editor.openNode(nodeName);
	}

	test.each([
		['operation', 'submit'],
		['inputType', 'submit'],
		['style', 'submit'],
		['waitFor', 'submitAndWait'],
	])('the dropdown %s offers what the node describes, in its order', async (name, operation) => {
		const node = await open({ operation });
		const wanted = choicesOf(parameter(name, operation));
		// n8n adds a choice of its own to operations.
		const shown = (await node.choices(name)).filter((choice) => choice.name !== 'Custom API Call');
		expect(shown).toEqual(wanted);
		expect(shown.length).toBeGreaterThan(1);
	});

	test.each(['submit', 'submitAndWait', 'getResult'])('the dropdowns among the options of %s offer what the node describes, in its order', async (operation) => {
		const node = await open({ operation });
		const dropdowns = optionsOf(operation).filter(({ type }) => type === 'options');
		for (const dropdown of dropdowns) {
			await node.addOption(dropdown.displayName);
			expect(await node.choices(dropdown.name)).toEqual(choicesOf(dropdown));
		}
		expect(dropdowns.length).toBeGreaterThan(0);
	});

	test('the dropdown of the trigger\'s events offers what the trigger describes, in its order', async () => {
		const editor = await on.editor();
		const workflow = triggerWorkflow('events', { events: ['failed'], downloadVideo: false });
		await editor.openWorkflow((await on.n8n.instance.importWorkflow(workflow, [await on.n8n.credential(on.sandbox)])).id);
		const node = await editor.openNode(triggerName);
		const wanted = choicesOf(triggerParameter('events'));
		expect(await node.choices('events')).toEqual(wanted);
		expect(wanted.length).toBeGreaterThan(1);
	});

	test('each style of the service can be chosen, and so can none', async () => {
		const node = await open({ operation: 'submit' });
		const names = (await node.choices('style')).map(({ name }) => name);
		expect(names).toHaveLength(STYLES.length + 1);
		expect(names).toEqual([...names].sort());
		expect(names).toContain('None (Prompt Only)');
	});

	const video = ['Style', 'Prompt'];

	test('the fields follow the operation, the input type and the switch', async () => {
		const node = await open({ operation: 'submit' });
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Video URL', ...video, 'Options']);

		await node.choose('inputType', 'Binary File');
		await node.until('Video URL', 'hidden');
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Input Binary Field', ...video, 'Options']);
		const notice = node.text('n8n must have a public address');
		expect(await notice.count()).toBe(0);

		await node.choose('inputType', 'Link to Binary File');
		await notice.waitFor();
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Input Binary Field', ...video, 'Options']);

		await node.choose('operation', 'Submit and Wait');
		await node.until('Wait For', 'visible');
		expect(await node.fields()).toEqual(['Operation', 'Input Type', 'Input Binary Field', ...video, 'Wait For', 'Download Video', 'Options']);

		await node.toggle('downloadVideo');
		await node.until('Put Output File in Field', 'visible');

		await node.choose('operation', 'Get Result');
		await node.until('Task ID', 'visible');
		expect(await node.fields()).toEqual(['Operation', 'Task ID', 'Download Video', 'Put Output File in Field', 'Options']);
	});

	test.each(['submit', 'submitAndWait', 'getResult'])('the options of %s are those that the node describes, each with its explanation', async (operation) => {
		const node = await open({ operation });
		const described = optionsOf(operation);
		expect(await node.offeredOptions()).toEqual(described.map(({ displayName }) => displayName));
		const explained = new Map<string, string>();
		for (const { name, displayName } of described) {
			await node.addOption(displayName);
			explained.set(name, await node.explanation(name));
		}
		expect([...explained]).toEqual(described.map(({ name, description }) => [name, description]));
	});

	test('who waits for a callback is not offered what only polling needs', async () => {
		const node = await open({ operation: 'submitAndWait', waitFor: 'callback' });
		const offered = await node.offeredOptions();
		const all = optionsOf('submitAndWait').map(({ displayName }) => displayName);
		expect(all.filter((name) => !offered.includes(name))).toEqual(['Notify URL', 'Poll Interval (Seconds)']);
	});
}
