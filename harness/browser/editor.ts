import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

import type { N8nInstance } from '../n8nInstance';
import { NodeCreator } from './nodeCreator';
import { NodePanel } from './nodePanel';
import { canvasPicture, pagePicture, untilStill } from './picture';

export type { BrowserContext, Locator, Page };

export type Theme = 'light' | 'dark';

export interface EditorOptions {
	/** n8n uses the color scheme of the browser. */
	theme?: Theme;
	/** In CSS pixels; one is one pixel of a picture. */
	size?: { width: number; height: number };
}

/** Time limit for one step of the editor. The machine is shared, and a wait ends as soon as possible. */
export const timeoutMs = 90_000;

/** n8n's editor in one browser tab, with its owner signed in. */
export class Editor {
	private constructor(
		/** The tab, for everything without a method here. */
		readonly page: Page,
		private readonly context: BrowserContext,
		private readonly url: string,
	) {}

	/** Opens the editor and signs in with its form. */
	static async open(browser: Browser, { url, login }: N8nInstance, { theme = 'light', size }: EditorOptions = {}): Promise<Editor> {
		const context = await browser.newContext({ colorScheme: theme, viewport: size ?? { width: 1440, height: 860 } });
		context.setDefaultTimeout(timeoutMs);
		const page = await context.newPage();
		await page.goto(`${url}/signin`);
		await page.fill('input[name="emailOrLdapLoginId"]', login.email);
		await page.fill('input[name="password"]', login.password);
		await page.click('[data-test-id="form-submit-button"]');
		await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
		return new Editor(page, context, url);
	}

	/** Part of the page by n8n's test ID. */
	part(name: string): Locator {
		return this.page.locator(`[data-test-id="${name}"]`);
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens a stored workflow, and waits until its nodes are visible. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
	}

	/** Opens a stored workflow without nodes, and its node creator. */
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

	/** Runs the workflow with the button on the canvas, and waits until a node has succeeded. */
	async run(name: string): Promise<void> {
		await this.part('execute-workflow-button').click();
		await this.node(name).locator('[data-test-id="canvas-node-status-success"]').waitFor();
	}

	/** Waits until the nodes on the canvas no longer move or change their size. */
	async untilStill(): Promise<void> {
		await untilStill(this.page.locator('.vue-flow__node'));
	}

	/** Opens the help in the panel of the open trigger, and waits until it has this text. */
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

	/** Writes a screenshot (PNG) of the page. */
	async picture(path: string): Promise<void> {
		await pagePicture(this.page, path);
	}

	/** Writes a picture (PNG) of the whole workflow, cropped to its nodes. */
	async canvasPicture(path: string): Promise<void> {
		await canvasPicture(this.page, path);
	}

	/** Closes the tab and signs out. */
	async close(): Promise<void> {
		await this.context.close();
	}
}
