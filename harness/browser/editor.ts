import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

import type { N8nInstance } from '../n8nInstance';
import { NodeCreator } from './nodeCreator';
import { NodePanel } from './nodePanel';
import { canvasPicture, pagePicture, untilStill } from './picture';

export type { BrowserContext, Locator, Page };

export type Theme = 'light' | 'dark';

export interface EditorOptions {
	/** n8n follows the browser's colours. */
	theme?: Theme;
	/** In CSS pixels; one is one pixel of a picture. */
	size?: { width: number; height: number };
}

/** How long the editor may take for one step. Many share the machine; a wait ends with what it waits for. */
export const patience = 90_000;

/** n8n's editor, in one tab of a browser, as its owner uses it. */
export class Editor {
	private constructor(
		/** The tab, for what has no method here. */
		readonly page: Page,
		private readonly context: BrowserContext,
		private readonly url: string,
	) {}

	/** Opens the editor and logs in by its form. */
	static async open(browser: Browser, { url, login }: N8nInstance, { theme = 'light', size }: EditorOptions = {}): Promise<Editor> {
		const context = await browser.newContext({ colorScheme: theme, viewport: size ?? { width: 1440, height: 860 } });
		context.setDefaultTimeout(patience);
		const page = await context.newPage();
		await page.goto(`${url}/signin`);
		await page.fill('input[name="emailOrLdapLoginId"]', login.email);
		await page.fill('input[name="password"]', login.password);
		await page.click('[data-test-id="form-submit-button"]');
		await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
		return new Editor(page, context, url);
	}

	/** Part of the page by n8n's own name for it. */
	part(name: string): Locator {
		return this.page.locator(`[data-test-id="${name}"]`);
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens a stored workflow, and waits until its nodes are drawn. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
	}

	/** Opens a stored workflow that has no nodes yet, and its node creator. */
	async openEmptyWorkflow(id: string): Promise<NodeCreator> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.part('canvas-plus-button').click();
		return new NodeCreator(this.page);
	}

	/** Opens a node of the canvas. */
	async openNode(name: string): Promise<NodePanel> {
		await this.node(name).dblclick();
		await this.part('node-parameters').waitFor();
		return new NodePanel(this.page);
	}

	/** Runs the workflow by the button on the canvas, and waits until a node has succeeded. */
	async run(name: string): Promise<void> {
		await this.part('execute-workflow-button').click();
		await this.node(name).locator('[data-test-id="canvas-node-status-success"]').waitFor();
	}

	/** Waits until the nodes on the canvas no longer move or change their size. */
	async untilStill(): Promise<void> {
		await untilStill(this.page.locator('.vue-flow__node'));
	}

	/** Opens the help in the panel of the open trigger, and waits until it says this. */
	async untilTriggerHelp(words: string): Promise<void> {
		await this.page.getByText('When will this node trigger my flow?').click();
		await this.page.getByText(words).waitFor();
	}

	/** Shows the production URL of the open trigger. */
	async showProductionUrl(): Promise<void> {
		await this.page.getByText('Webhook URLs').click();
		await this.page.getByRole('radio', { name: 'Production URL' }).click();
		await this.page.getByText('/webhook/').first().waitFor();
	}

	/** Writes a picture (PNG) of what is seen now. */
	async picture(path: string): Promise<void> {
		await pagePicture(this.page, path);
	}

	/** Writes a picture (PNG) of the whole workflow, cut close to its nodes. */
	async canvasPicture(path: string): Promise<void> {
		await canvasPicture(this.page, path);
	}

	/** Closes the tab and forgets the login. */
	async close(): Promise<void> {
		await this.context.close();
	}
}
