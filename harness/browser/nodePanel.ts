import type { Locator, Page } from 'playwright-core';

import { CredentialWindow } from './credentialWindow';
import type { FormChoice } from './form';
import { Form } from './form';
import { OutputPanel } from './outputPanel';

/** An open node: its fields in the middle, its output on the right. */
export class NodePanel extends Form {
	readonly output: OutputPanel;

	constructor(page: Page) {
		super(page, page.locator('[data-test-id="node-parameters"]'));
		this.output = new OutputPanel(page);
	}

	private get labels() {
		return this.root.locator('label[for]:visible');
	}

	/** The names of all visible fields, in order. */
	async fields(): Promise<string[]> {
		return await this.labels.locator('.n8n-text:first-child').allInnerTexts();
	}

	/** A text among the fields. */
	text(words: string): Locator {
		return this.root.getByText(words);
	}

	/** Waits until a field is visible, or hidden. */
	async until(field: string, state: 'visible' | 'hidden'): Promise<void> {
		await this.labels.filter({ has: this.page.getByText(field, { exact: true }) }).waitFor({ state });
	}

	/** The entries of "Add option". */
	async offeredOptions(): Promise<string[]> {
		await this.openOptions();
		return (await this.readAndClose()).map(({ name }: FormChoice) => name);
	}

	/** Adds an option by its displayed name. */
	async addOption(option: string): Promise<void> {
		await this.openOptions();
		await this.pick(option);
		await this.until(option, 'visible');
	}

	/** The text of the question mark beside a field's name. */
	async explanation(name: string): Promise<string> {
		const label = this.root.locator(`label[for="${name}"]`);
		const words = this.page.locator('[data-test-id="tooltip-content"]');
		// The tooltip of the previous field fades out when the pointer moves away.
		await this.page.mouse.move(0, 0);
		await words.waitFor({ state: 'detached' });
		await label.hover();
		await label.locator('[data-icon="circle-help"]').hover();
		return await words.locator('div').first().innerText();
	}

	/** Runs the node and the nodes before it. */
	async execute(): Promise<void> {
		await this.page.locator('[data-test-id="node-execute-button"]').click();
	}

	/** Opens the window of a new credential. */
	async newCredential(): Promise<CredentialWindow> {
		const select = this.page.locator('[data-test-id="node-credentials-select"]');
		const setUp = this.page.locator('[data-test-id="setup-credentials-button"]');
		await select.or(setUp).first().click();
		const create = this.page.locator('[data-test-id="node-credentials-select-item-new"]');
		if (await select.isVisible()) await create.click();
		return await CredentialWindow.opened(this.page);
	}

	/** Opens the window of the node's credential, which n8n then tests. */
	async editCredential(): Promise<CredentialWindow> {
		await this.page.locator('[data-test-id="credential-edit-button"]').click();
		return await CredentialWindow.opened(this.page);
	}

	/** Back to the canvas. */
	async close(): Promise<void> {
		await this.page.locator('[data-test-id="ndv-close-button"]').click();
		await this.root.waitFor({ state: 'detached' });
	}

	private async openOptions(): Promise<void> {
		await this.root.locator('[data-test-id="collection-parameter-add"]').click();
		await this.entries.first().waitFor();
	}
}
