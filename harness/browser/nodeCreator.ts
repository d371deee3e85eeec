import type { Locator, Page } from 'playwright-core';

import { NodePanel } from './nodePanel';

/** An entry of the node creator, as displayed. */
export interface FoundNode {
	name: string;
	description: string;
	/** The address of the icon, which is loaded. */
	icon: string;
}

/** The panel in which a user searches for a node and adds it. */
export class NodeCreator {
	constructor(private readonly page: Page) {}

	private get panel(): Locator {
		return this.page.locator('[data-test-id="node-creator"]');
	}

	private get entries(): Locator {
		return this.panel.locator('[data-test-id="item-iterator-item"]');
	}

	/** Types into the search, and returns the results once `expected` is among them. */
	async search(words: string, expected: string): Promise<FoundNode[]> {
		await this.panel.locator('[data-test-id="node-creator-search-bar"]').fill(words);
		await this.entries.getByText(expected, { exact: true }).waitFor();
		return await Promise.all((await this.entries.all()).map(describe));
	}

	/** Selects a node of the list; returns the triggers and actions that n8n then lists, in order. */
	async open(node: string): Promise<string[]> {
		await this.entries.filter({ has: this.page.getByText(node, { exact: true }) }).click();
		for (const group of ['Triggers', 'Actions']) await this.expand(group);
		return await this.entries.locator('[data-test-id="node-creator-item-name"]').allInnerTexts();
	}

	/** Selects a node of the list, and one of its triggers and actions; the node is added and opens. */
	async add(node: string, action: string): Promise<NodePanel> {
		await this.open(node);
		await this.entries.filter({ has: this.page.getByText(action, { exact: true }) }).click();
		await this.page.locator('[data-test-id="node-parameters"]').waitFor();
		return new NodePanel(this.page);
	}

	/** Shows the entries of a group. n8n opens the triggers in an empty workflow, and the actions otherwise. */
	private async expand(group: string): Promise<void> {
		const title = this.page.locator('[data-test-id="node-creator-category-item"]').filter({ hasText: `${group} (` });
		const groups = this.panel.locator('[data-category-collapsed]').filter({ has: title });
		await groups.waitFor();
		if ((await groups.getAttribute('data-category-collapsed')) === 'true') await title.click();
		await groups.locator('[data-test-id="item-iterator-item"]').first().waitFor();
	}
}

async function describe(entry: Locator): Promise<FoundNode> {
	const icon = entry.locator('img').first();
	// Fails if the image cannot be decoded.
	await icon.evaluate(async (image) => await (image as unknown as { decode(): Promise<void> }).decode());
	return {
		name: await entry.locator('[data-test-id="node-creator-item-name"]').innerText(),
		description: await entry.locator('[data-test-id="node-creator-item-description"]').innerText(),
		icon: (await icon.getAttribute('src')) ?? '',
	};
}
