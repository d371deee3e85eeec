/** One cell of the matrix: five items, one fault, the real node in n8n's engine, and its own service. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../../sandbox';
import type { RunOutcome } from '../../../harness/engine';
import { startBroken, type Behavior } from '../support/brokenNetwork';
import { startUnlimitedSandbox, TestEngine } from '../support/engine';

import { untilTrue } from '../../support/untilTrue';
import { ITEMS, MAX_ATTEMPTS, ON_ERROR, type Cell } from './cells';
import type { FaultCase } from './expected';
import { ClosedPort } from './hosts';
import { ROWS } from './rows';

type Task = Sandbox['tasks'][number];

/** The result of a run. */
export interface MatrixRun {
	outcome: RunOutcome;
	/** The service's tasks for each item, in order. */
	tasks: Task[][];
	/** The secrets: the key, and every token that was sent. */
	secrets: string[];
	/** Whether the fault happened. */
	isHit: boolean;
}

/** The node's own delays are shorter by this factor. */
export const SPEED = 5;

/** The first attempt finds the port closed; one of the next three, after 1, 2 and 4 seconds, finds it open. */
const OPENS_AFTER_MS = 1_500 / SPEED;

/** The content of the large files, created once because it takes time. */
const NOISE = randomBytes(Math.max(...ROWS.map(({ upload = 0 }) => upload)));

/** An input item with its own video; `baseUrl` is the server of its account. */
interface Input {
	json: { n: number; url: string; baseUrl: string };
	binary?: { data: Buffer };
}

const isHost = ({ fault }: FaultCase['row']): boolean => fault.type === 'closedHost' || fault.type === 'brokenHost';

function inputsFor({ row, lasts }: FaultCase, position: number, open: string, closed: string): Input[] {
	return Array.from({ length: ITEMS }, (_, n) => {
		const isClosed = isHost(row) && (n === position || (lasts && n > position));
		const json = { n, url: `https://videos.example.com/${n}.mp4`, baseUrl: isClosed ? closed : open };
		if (row.upload === undefined) return { json };
		return { json, binary: { data: n === position ? NOISE.subarray(0, row.upload) : Buffer.from(`\0the video of item ${n}`) } };
	});
}

const nameOf = ({ json, binary }: Input): string =>
	binary ? createHash('sha256').update(binary.data).digest('hex') : json.url;

function videoName(video: Task['video']): string {
	if (video.kind === 'counted') throw new Error('The fake HiDream server did not read the video');
	return video.kind === 'url' ? video.url : video.sha256;
}

/** The tasks by the item of their video. */
function byInput(tasks: readonly Task[], inputs: Input[]): Task[][] {
	const names = inputs.map(nameOf);
	const made = names.map((name) => tasks.filter(({ video }) => name === videoName(video)));
	if (made.flat().length !== tasks.length) throw new Error('A task has an unknown video');
	return made;
}

function parametersFor({ row, lasts }: FaultCase, { operation }: Cell) {
	const waiting = operation === 'submitAndWait' ? { pollInterval: 0.05 } : {};
	// A lasting refusal is retried a few times, not for an hour.
	const budget = lasts ? { maxRetryTime: 0.05 } : {};
	const inputType = row.upload === undefined ? 'url' : 'binary';
	return { operation, inputType, videoUrl: '={{ $json.url }}', options: { ...waiting, ...budget } };
}

/** Adds the fault for the first request of the item at `position`. */
function prepare({ row: { fault }, lasts }: FaultCase, position: number, { faults }: Sandbox): void {
	if (fault.type === 'closedHost' || fault.type === 'brokenHost') return;
	faults.add({ on: 'submit', skip: position, times: lasts ? Infinity : 1, fault });
}

async function openLater(port: ClosedPort, { tasks, url }: Sandbox, position: number): Promise<void> {
	await untilTrue(() => tasks.length >= position);
	await sleep(OPENS_AFTER_MS);
	await port.open(url);
}

/** One proxy for each behavior: n8n reads it from an environment variable, which all cells share. */
const proxies = new Map<Behavior, ReturnType<typeof startBroken>>();

/** The host, or the proxy before it, that breaks every connection. All concurrent cells have the same kind. */
async function openBroken({ row: { fault } }: FaultCase) {
	if (fault.type !== 'brokenHost') return undefined;
	if (fault.via === 'tls') {
		const { address, close } = await startBroken(fault.behave);
		return { url: `https://${address}`, close };
	}
	proxies.set(fault.behave, proxies.get(fault.behave) ?? startBroken(fault.behave));
	process.env['HTTPS_PROXY'] = `http://${(await proxies.get(fault.behave))?.address}`;
	return { url: 'https://hidream.example.com', close: () => undefined };
}

/** Runs a cell to its end. */
export async function runCell(fault: FaultCase, cell: Cell): Promise<MatrixRun> {
	const sandbox = await startUnlimitedSandbox({ taskSeconds: 0.05 });
	const engine = new TestEngine(sandbox);
	const port = await ClosedPort.find();
	const broken = await openBroken(fault);
	const { position } = cell;
	try {
		const inputs = inputsFor(fault, position, sandbox.url, broken?.url ?? port.url);
		prepare(fault, position, sandbox);
		const opening = fault.row.fault.type === 'closedHost' && !fault.lasts ? openLater(port, sandbox, position) : undefined;
		const baseUrl = '={{ $json.baseUrl }}';
		const outcome = await engine.submit({
			credential: fault.row.apiKey ? engine.keyAccount({ baseUrl }) : engine.account({ baseUrl }),
			parameters: parametersFor(fault, cell),
			items: inputs,
			onError: ON_ERROR[cell.mode],
			retryOnFail: cell.retry,
			maxTries: MAX_ATTEMPTS,
		});
		await opening;
		const tokens = sandbox.requests.map(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? sandbox.apiKey);
		const secrets = [...new Set([sandbox.accessToken, sandbox.apiKey, ...tokens])];
		// The fault waits for this request: without it, nothing was tested.
		const isHit = isHost(fault.row) || engine.submits.length > position;
		return { outcome, tasks: byInput(sandbox.tasks, inputs), secrets, isHit };
	} finally {
		port.close();
		broken?.close();
		await engine.close();
	}
}
