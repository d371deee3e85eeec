import { triggerName } from '../../support/triggerWorkflow';
import { actionsOf, parameter, triggerParameter } from '../support/description';
import type { EditorContext } from '../support/editor';
import { nodeName } from '../support/editor';

/** How a user finds the node and adds it. */
export function finding(on: EditorContext): void {
	test.each(['stylize', 'anime'])('the node creator finds the node by "%s"', async (words) => {
		const creator = await (await on.editor()).openEmptyWorkflow((await on.emptyWorkflow()).id);
		const entry = (await creator.search(words, nodeName)).find(({ name }) => name === nodeName);
		expect(entry).toMatchObject({ description: expect.stringContaining('Restyle videos') as string });
	});

	test('the node creator has one entry for the node and its trigger, with an icon for the light and the dark theme', async () => {
		for (const theme of ['light', 'dark'] as const) {
			const creator = await (await on.editor(theme)).openEmptyWorkflow((await on.emptyWorkflow()).id);
			const found = await creator.search('HiDream', nodeName);
			const picture = theme === 'dark' ? 'hidream.dark.svg' : 'hidream.svg';
			expect(found.map(({ name, icon }) => [name, icon.split('/').at(-1)])).toEqual([[nodeName, picture]]);
		}
	});

	test('the entry lists all events of the trigger and all operations of the node', async () => {
		const creator = await (await on.editor()).openEmptyWorkflow((await on.emptyWorkflow()).id);
		await creator.search('HiDream', nodeName);
		const wanted = [...actionsOf(triggerParameter('events')), ...actionsOf(parameter('operation', 'submit'))];
		expect((await creator.open(nodeName)).sort()).toEqual(wanted.sort());
		expect(wanted).toHaveLength(3 + 4);
	});

	test('a click on an event adds the trigger and opens it with this event', async () => {
		const editor = await on.editor();
		const creator = await editor.openEmptyWorkflow((await on.emptyWorkflow()).id);
		await creator.search('HiDream', nodeName);
		const trigger = await creator.add(nodeName, 'On video finished');
		expect(await trigger.fields()).toContain('Events');
		await trigger.field('events').getByText('Succeeded').waitFor();
		for (const other of ['Failed', 'Rejected']) await trigger.field('events').getByText(other).waitFor({ state: 'detached' });
		await trigger.close();
		await editor.node(triggerName).waitFor();
	});

	test('a click adds the node with the chosen operation and opens it', async () => {
		const editor = await on.editor();
		const creator = await editor.openEmptyWorkflow((await on.emptyWorkflow()).id);
		await creator.search('HiDream', nodeName);
		const node = await creator.add(nodeName, 'Submit a video and wait for the result');
		expect(await node.fields()).toContain('Wait By');
		await node.close();
		await editor.node(nodeName).waitFor();
	});
}
