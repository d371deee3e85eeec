import type { Locator, Page } from 'playwright-core';

import { Form } from './form';

/** The window in which a credential is created, edited and tested. */
export class CredentialWindow extends Form {
	private constructor(page: Page, private readonly dialog: Locator) {
		super(page, dialog);
	}

	/** The window, once it is visible. */
	static async opened(page: Page): Promise<CredentialWindow> {
		const dialog = page.locator('[data-test-id="editCredential-modal"]');
		await dialog.locator('[data-test-id="node-credentials-config-container"]').waitFor();
		return new CredentialWindow(page, dialog);
	}

	/** The names of the visible fields. */
	async fields(): Promise<string[]> {
		const titles = await this.dialog.locator('label:visible .n8n-text:first-child').allInnerTexts();
		// n8n puts a star beside required fields.
		return titles.map((title) => title.replace(/\s*\*$/, '')).filter((title) => title !== '');
	}

	/** Saves the credential, which n8n then tests; returns the error message that the window shows. */
	async saveBad(): Promise<string> {
		const answer = this.page.waitForResponse((response) => response.url().endsWith('/rest/credentials/test'));
		await this.save();
		await answer;
		const banner = this.dialog.locator('.el-tag--danger:visible');
		await banner.waitFor();
		const more = banner.getByText('More details');
		if (await more.isVisible()) await more.click();
		return await banner.innerText();
	}

	/** Saves the credential; n8n closes the window of a new one when its test succeeds. */
	async saveGood(): Promise<void> {
		await this.save();
		await this.dialog.waitFor({ state: 'detached' });
	}

	/** The message of a successful test. */
	async success(): Promise<string> {
		const banner = this.dialog.locator('[data-test-id="credentials-config-container-test-success"]');
		await banner.waitFor();
		return await banner.innerText();
	}

	/** Closes the window. */
	async close(): Promise<void> {
		await this.dialog.locator('button.el-dialog__headerbtn').click();
		await this.dialog.waitFor({ state: 'detached' });
	}

	private async save(): Promise<void> {
		await this.dialog.locator('[data-test-id="credential-save-button"]').click();
	}
}
