import type { Locator, Page } from 'playwright-core';

/** A failed run, as the panel shows it. */
export interface ShownError {
	message: string;
	description: string;
}

/** The properties of the browser's own HTMLVideoElement that are read; Node.js has no types for it. */
interface VideoElement {
	readyState: number;
	duration: number;
	videoWidth: number;
	videoHeight: number;
}

/** The state of a video in the browser. */
export interface ShownVideo {
	readyState: number;
	seconds: number;
	width: number;
	height: number;
}

/** The output of a node's last run. */
export class OutputPanel {
	readonly root: Locator;

	constructor(private readonly page: Page) {
		this.root = page.locator('[data-test-id="output-panel"]');
	}

	/** Switches the view, once it has data. */
	async show(view: 'table' | 'json' | 'binary'): Promise<void> {
		await this.root.locator(`[data-test-id="radio-button-${view}"]`).click();
	}

	/** The text of the panel, once it is not empty. */
	async text(including: string): Promise<string> {
		await this.root.getByText(including).first().waitFor();
		return await this.root.innerText();
	}

	/** The error of a failed run, which the panel also marks in red. */
	async error(): Promise<ShownError> {
		const message = this.root.locator('[data-test-id="node-error-message"]');
		await message.waitFor();
		await this.root.locator('[data-test-id="node-run-status-danger"]').waitFor();
		return {
			message: await message.innerText(),
			description: await this.root.locator('[data-test-id="node-error-description"]').innerText(),
		};
	}

	/** Opens the binary view, clicks View, and waits until the video plays; returns its state. */
	async playVideo(): Promise<ShownVideo> {
		await this.show('binary');
		await this.root.locator('[data-test-id="ndv-view-binary-data"]').click();
		const video = this.page.locator('video');
		await video.waitFor();
		await this.page.waitForFunction('document.querySelector("video").currentTime > 0');
		return await video.evaluate((element) => {
			const { readyState, duration, videoWidth, videoHeight } = element as unknown as VideoElement;
			return { readyState, seconds: duration, width: videoWidth, height: videoHeight };
		});
	}
}
