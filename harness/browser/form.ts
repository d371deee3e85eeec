import type { Locator, Page } from 'playwright-core';

/** One entry of a dropdown, as displayed. */
export interface FormChoice {
	name: string;
	description?: string;
}

/** Fields of a node or of a credential: they look and work alike. */
export class Form {
	constructor(
		protected readonly page: Page,
		/** The part of the page with the fields. */
		protected readonly root: Locator,
	) {}

	/** A field by its name in the description. */
	field(name: string): Locator {
		return this.root.locator(`[data-test-id="parameter-input-${name}"]`);
	}

	/** Opens a dropdown and leaves it open. */
	async open(name: string): Promise<void> {
		await this.field(name).click();
		await this.entries.first().waitFor();
	}

	/** Opens a dropdown, reads it, and closes it. */
	async choices(name: string): Promise<FormChoice[]> {
		await this.open(name);
		return await this.readAndClose();
	}

	/** Opens a dropdown and selects an entry. */
	async choose(name: string, entry: string): Promise<void> {
		await this.open(name);
		await this.pick(entry);
	}

	/** Fills a text or number field. */
	async fill(name: string, value: string): Promise<void> {
		await this.field(name).locator('input, textarea').first().fill(value);
	}

	/** Toggles a switch. */
	async toggle(name: string): Promise<void> {
		await this.field(name).locator('.el-switch').click();
	}

	protected get entries(): Locator {
		return this.page.locator('.el-select-dropdown__item:visible');
	}

	protected async pick(entry: string): Promise<void> {
		await this.entries.filter({ has: this.page.getByText(entry, { exact: true }) }).click();
		await this.entries.first().waitFor({ state: 'hidden' });
	}

	protected async readAndClose(): Promise<FormChoice[]> {
		const texts = await this.entries.allInnerTexts();
		await this.page.keyboard.press('Escape');
		await this.entries.first().waitFor({ state: 'hidden' });
		return texts.map((text) => {
			const [name = '', description] = text.split('\n').map((line) => line.trim());
			return { name, ...(description && { description }) };
		});
	}
}
