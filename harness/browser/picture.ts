import type { Locator, Page } from 'playwright-core';

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Elements over the canvas that would distract. */
const clutter = [
	'.vue-flow__panel',
	'.vue-flow__edge-toolbar',
	'[data-test-id="execute-workflow-button"]',
	'[data-test-id="canvas-handle-plus-wrapper"]',
	'.n8n-segment-control',
	'[data-test-id="node-creator-plus-button"]',
	'[data-test-id="command-bar-button"]',
	'[data-test-id="add-sticky-button"]',
	'[data-test-id="toggle-focus-panel-button"]',
	'[data-test-id="instance-ai-canvas-action-button"]',
];

/** n8n's messages that disappear by themselves. */
const messages = '.el-notification';

const hidden = `${messages}, ${clutter.join(', ')} { visibility: hidden !important; }`;

/** Space for a node's name, which is below the node and may be wider. */
const around = { left: 60, right: 60, top: 30, bottom: 64 };

async function boxesOf(things: Locator): Promise<Box[]> {
	const boxes = await Promise.all((await things.all()).map(async (thing) => await thing.boundingBox()));
	return boxes.filter((box) => box !== null);
}

/** Waits until the boxes of all these elements are the same for ten frames; returns them. */
export async function untilStill(things: Locator): Promise<Box[]> {
	let boxes = await boxesOf(things);
	for (let same = 0; same < 10; ) {
		await things.page().evaluate('new Promise(requestAnimationFrame)');
		const now = await boxesOf(things);
		same = JSON.stringify(now) === JSON.stringify(boxes) ? same + 1 : 0;
		boxes = now;
	}
	return boxes;
}

/** The smallest box around all of these, with space for their names. */
function union(boxes: Box[], within: Box): Box {
	const x = Math.max(within.x, Math.min(...boxes.map((box) => box.x)) - around.left);
	const y = Math.max(within.y, Math.min(...boxes.map((box) => box.y)) - around.top);
	const right = Math.min(within.x + within.width, Math.max(...boxes.map((box) => box.x + box.width)) + around.right);
	const bottom = Math.min(within.y + within.height, Math.max(...boxes.map((box) => box.y + box.height)) + around.bottom);
	return { x, y, width: right - x, height: bottom - y };
}

/** Writes a picture (PNG) of the whole workflow on the canvas, cropped to its nodes and without n8n's buttons. */
export async function canvasPicture(page: Page, path: string): Promise<void> {
	await page.locator('[data-test-id="zoom-to-fit"]').click();
	const boxes = await untilStill(page.locator('.vue-flow__node'));
	const [canvas] = await untilStill(page.locator('[data-test-id="canvas"]'));
	if (canvas === undefined) throw new Error('The page has no canvas.');
	await page.screenshot({ path, clip: union(boxes, canvas), style: hidden });
}

/** Writes a screenshot (PNG) of the page when nothing on it moves. */
export async function pagePicture(page: Page, path: string): Promise<void> {
	// No element is hovered or focused, and no spinner turns.
	await page.mouse.move(0, 0);
	await page.locator('.n8n-spinner:visible').first().waitFor({ state: 'hidden' });
	await page.screenshot({ path, animations: 'disabled', style: `${messages} { visibility: hidden !important; }` });
}
