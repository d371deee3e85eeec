import { setTimeout as sleep } from 'node:timers/promises';
import { startService, type Service } from '../machine/service';
import { beginSpan, spanOf, type Span } from '../machine/span';
import { MeasuredN8n } from '../n8n/measuredN8n';
import type { Failed } from '../report/runs';
import { Ends } from './ends';
import { assertNoneLost, waitedResults } from './outcome';
import { countStatusRequests, roundsOf, within } from './statusRequests';
import type { Figures, Phase } from './raw';
import type { Way } from './ways';

export interface Amount {
	tasks: number;
	/** Minimum time in which n8n only waits. */
	waitSeconds: number;
	pollSeconds: number;
	/** Time between the starts of many runs; their tasks end in the same rhythm. */
	callsPerSecond: number;
	/** n8n gets time to release the memory of its start, and is then measured while it is idle. */
	settleSeconds: number;
	idleSeconds: number;
}

/** Maximum time to start a run and submit all its items. */
const ONE_RUN_SECONDS = 3;

/** Time limit for all submits, and for the last run after the end of the last task. */
const SUBMIT_TIMEOUT_MS = 120_000;
const END_TIMEOUT_MS = 180_000;

const POLL_MS = 100;

/** The wait ends shortly before the first task ends. */
const BEFORE_END_MS = 500;

const phaseOf = ({ ms, cpuSeconds, peakMiB }: Span): Phase => ({ ms, cpuMs: cpuSeconds * 1_000, peakMiB });

/** Waits for all tasks once, in a new n8n with a new service. */
export async function measureWay(way: Way, amount: Amount, files: string): Promise<Figures | Failed> {
	const { executions } = way;
	const taskSeconds = amount.waitSeconds + ONE_RUN_SECONDS + executions / amount.callsPerSecond;
	const service = await startService({ taskSeconds });
	const ends = await Ends.open();
	try {
		const measured = await MeasuredN8n.start({ service, files });
		try {
			return await waitOnce(way, amount, { measured, service, ends, taskSeconds });
		} finally {
			await measured.close();
		}
	} finally {
		await ends.close();
		await service.close();
	}
}

interface Place {
	measured: MeasuredN8n;
	service: Service;
	ends: Ends;
	taskSeconds: number;
}

async function waitOnce(way: Way, amount: Amount, { measured, service, ends, taskSeconds }: Place): Promise<Figures | Failed> {
	const { tasks, pollSeconds, settleSeconds, idleSeconds } = amount;
	const { n8n, pid } = measured;
	const workflow = await measured.store(way.workflow({ service, endUrl: ends.url, pollSeconds }));
	await sleep(settleSeconds * 1_000);
	const idle = await spanOf(pid, async () => await sleep(idleSeconds * 1_000));
	const submit = await spanOf(pid, async () => {
		await call(measured, workflow.name, way.executions, amount);
		return await allAccepted(service, tasks);
	});
	if (submit.result < tasks) return { failed: `${submit.result} of ${tasks} tasks were submitted` };
	const endWait = await beginSpan(pid);
	const accepted = (await service.state()).tasks.map(({ acceptedAt }) => acceptedAt);
	const [from, to] = [Math.max(...accepted), Math.min(...accepted) + taskSeconds * 1_000 - BEFORE_END_MS];
	await sleep(Math.max(0, to - Date.now()));
	const wait = await endWait();
	const end = await spanOf(pid, async () => await ends.wait(way.executions, END_TIMEOUT_MS));
	if (end.result < way.executions) return { failed: `${end.result} of ${way.executions} runs ended` };
	const state = await service.state();
	assertNoneLost(await waitedResults(n8n, workflow, way.executions), state, tasks);
	const waited = within(state.log, from, to);
	return {
		idle: phaseOf(idle.span),
		submit: phaseOf(submit.span),
		wait: phaseOf(wait),
		end: phaseOf(end.span),
		asked: { wait: countStatusRequests(waited), all: countStatusRequests(state.log) },
		rounds: roundsOf(waited),
	};
}

/** Calls the webhook once for each run, at equal intervals, with an equal part of the items. */
async function call({ n8n }: MeasuredN8n, path: string, executions: number, { tasks, callsPerSecond }: Amount): Promise<void> {
	const items = Array.from({ length: tasks }, (_, i) => ({ videoUrl: `https://example.com/video-${i}.mp4` }));
	const share = tasks / executions;
	const callOne = async (i: number): Promise<void> => {
		await sleep((i * 1_000) / callsPerSecond);
		await n8n.callWebhook(path, { items: items.slice(i * share, (i + 1) * share) });
	};
	await Promise.all(Array.from({ length: executions }, async (_, i) => await callOne(i)));
}

/** Waits until the service has accepted all tasks; returns how many it had after the time limit. */
async function allAccepted({ counts }: Service, tasks: number): Promise<number> {
	for (const deadline = Date.now() + SUBMIT_TIMEOUT_MS; ; await sleep(POLL_MS)) {
		const { accepted } = (await counts()).tasks;
		if (accepted >= tasks || Date.now() > deadline) return accepted;
	}
}
