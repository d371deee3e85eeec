import type { EditorContext } from '../support/editor';
import { nodeName } from '../support/editor';

/** How a user finds the node and adds it. */
export function finding(on: EditorContext): void {
	test('the node creator finds the node by its vendor, its task and a style, with description and icon', async () => {
		const creator = await (await on.editor()).openEmptyWorkflow((await on.emptyWorkflow()).id);
		for (const words of ['stylize', 'anime', 'HiDream']) {
			const entry = (await creator.search(words, nodeName)).find(({ name }) => name === nodeName);
			expect(entry).toMatchObject({ description: expect.stringContaining('Restyle videos') as string });
			expect(entry?.icon).toMatch(/hidream\.svg$/);
		}
	});

	test('the node creator finds the trigger beside the node, each with its icon, in the dark theme with a dark one', async () => {
		for (const theme of ['light', 'dark'] as const) {
			const creator = await (await on.editor(theme)).openEmptyWorkflow((await on.emptyWorkflow()).id);
			const found = await creator.search('HiDream', nodeName);
			// n8n leaves the word "Trigger" out.
			expect(found.map(({ name }) => name).sort()).toEqual(['HiDream', nodeName]);
			const picture = theme === 'dark' ? 'hidream.dark.svg' : 'hidream.svg';
			expect(found.map(({ icon }) => icon.split('/').at(-1))).toEqual([picture, picture]);
		}
	});

	test('a click adds the node with the chosen operation and opens it', async () => {
		const editor = await on.editor();
		const creator = await editor.openEmptyWorkflow((await on.emptyWorkflow()).id);
		await creator.search('HiDream', nodeName);
		const node = await creator.add(nodeName, 'Submit a video and wait for the result');
		expect(await node.fields()).toContain('Wait For');
		await node.close();
		await editor.node(nodeName).waitFor();
	});
}
