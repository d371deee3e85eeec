/** The live check, run against a fake HiDream server with these settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Recorded, type Recording, type Sandbox, type SandboxSettings } from '../../sandbox';
import { checkLive, type LiveRun } from '../../scripts/live/check';
import type { Pace, LiveSubject } from '../../scripts/live/inquiry';
import { answerTable, inFull } from '../../scripts/live/table';

const PACE: Pace = { answer: 2_000, poll: 20, tasks: 10_000, callback: 2_000, announced: 40, minute: 0 };
const video = readFileSync(join(__dirname, '..', '..', 'sandbox', 'media', 'sample.mp4'), 'base64');

export interface Checked {
	recording: Recording;
	/** Everything that the user saw. */
	shown: string;
	/** One response of the table. */
	answer: (question: string) => Recorded;
}

export interface Options {
	subject?: Partial<LiveSubject>;
	pay?: boolean;
	pace?: Partial<Pace>;
	callbackPort?: number;
}

/**
 * A fake HiDream server whose time advances by 0.2 seconds with each status request, so that a task is still running when
 * the next one is submitted, however slow the machine is. The caller closes it.
 */
export async function startFakeServer(settings: Partial<SandboxSettings> = {}): Promise<Sandbox> {
	const start = Date.now();
	const requests = () => sandbox.requests.filter(({ path }) => path.includes('/results')).length;
	// The maximum upload is small, so that the search for it ends with its first request.
	const maxBodyBytes = settings.recording ? {} : { maxBodyBytes: 100_000 };
	const sandbox: Sandbox = await startSandbox({ recording: null, taskSeconds: 0.3, now: () => start + 200 * requests(), ...maxBodyBytes, ...settings });
	return sandbox;
}

/** Runs the whole check against it. */
export async function liveCheck({ url, accessToken }: Sandbox, { subject = {}, pay = true, pace = {}, callbackPort = 0 }: Options = {}): Promise<Checked> {
	const lines: string[] = [];
	const run: LiveRun = {
		subject: { baseUrl: url, token: accessToken, apiKey: '', video, ...subject },
		mayPay: async () => pay,
		callbackPort,
		print: (line) => void lines.push(line),
		pace: { ...PACE, ...pace },
	};
	const recording = await checkLive(run);
	const shown = [...lines, inFull(recording), answerTable(recording)].join('\n');
	const answer = (question: string) => {
		const recorded = recording.answers[question];
		if (!recorded) throw new Error(`Unknown question "${question}"`);
		return recorded;
	};
	return { recording, shown, answer };
}
