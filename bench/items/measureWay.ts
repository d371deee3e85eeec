import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { RequestRecord } from '../../sandbox';
import { startService, type Service } from '../machine/service';
import { END } from '../n8n/marks';
import { MeasuredN8n } from '../n8n/measuredN8n';
import { chain, markStep, step } from '../n8n/workflow';
import type { Failed } from '../report/runs';
import { assertSubmittedOnce, urlItems } from './items';
import { maxConcurrent } from './maxConcurrent';
import type { Figures } from './raw';
import { LATENCY_MS, SUBJECT, WARM_IN_FLIGHT, type Way } from './ways';

/** The measured span. */
const SPAN = 'submit';

/** Tasks last longer than the measurement. */
const TASK_SECONDS = 86_400;

export interface Amount {
	items: number;
	/** Runs before the first measured one. */
	warmUps: number;
	runs: number;
}

interface Place {
	measured: MeasuredN8n;
	service: Service;
	way: Way;
	items: number;
}

/** Starts a new n8n and a new service for this way, and returns the figures of each run. */
export async function measureWay(way: Way, { items, warmUps, runs }: Amount, files: string, report: (run: string) => void): Promise<Array<Figures | Failed>> {
	const service = await startService({ latencyMs: LATENCY_MS, taskSeconds: TASK_SECONDS });
	try {
		const measured = await MeasuredN8n.start({ service, files });
		try {
			const place: Place = { measured, service, way, items };
			const warm = await store(place, 'warm', Math.min(WARM_IN_FLIGHT, items));
			for (let run = 1; run <= warmUps; run += 1) {
				report(`warming up (${run} of ${warmUps})`);
				await runOnce(place, warm);
			}
			const workflow = await store(place, 'measured', way.inFlight);
			const results: Array<Figures | Failed> = [];
			for (let run = 1; run <= runs; run += 1) {
				report(`run ${run} of ${runs}`);
				results.push(await runOnce(place, workflow));
			}
			return results;
		} finally {
			await measured.close();
		}
	} finally {
		await service.close();
	}
}

async function store({ measured, service, way: { kind } }: Place, path: string, inFlight: number): Promise<StoredWorkflow> {
	const mark = (name: string) => markStep(`Mark ${name}`, measured.marks.url(name));
	const split = step('Items', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'body.items', options: {} });
	const credentials = kind.credential ? [await kind.credential(measured.n8n, service)] : [];
	return await measured.store(chain(path, [split, mark(SPAN), kind.node(service, inFlight), mark(END)]), credentials);
}

const isSubmit = ({ endpoint }: RequestRecord): boolean => endpoint === 'submit';

/** Runs the workflow once, and checks at the service that every item was submitted once. */
async function runOnce({ measured, service, way, items }: Place, workflow: StoredWorkflow): Promise<Figures | Failed> {
	const list = urlItems(items);
	const before = await service.state();
	const { spans, executionMs, execution } = await measured.run(workflow, { items: list });
	const span = spans[SPAN];
	if (execution.status !== 'success' || span === undefined) return { failed: execution.error?.message ?? `the execution is "${execution.status}"` };
	const after = await service.state();
	const log = after.log.slice(before.log.length);
	const submits = log.filter(isSubmit);
	if (way.role !== 'base') {
		assertSubmittedOnce(list, after.tasks.slice(before.tasks.length));
		if (submits.length !== items) throw new Error(`${way.name}: ${items} items took ${submits.length} submits`);
	}
	return {
		nodeMs: execution.runs(SUBJECT).at(-1)?.executionTime ?? NaN,
		executionMs,
		cpuMs: span.cpuSeconds * 1_000,
		startMiB: span.startMiB,
		peakMiB: span.peakMiB,
		mostInFlight: maxConcurrent(submits.map(({ startedAt, respondedAt }) => ({ from: startedAt, to: respondedAt ?? Infinity }))),
		otherRequests: log.length - submits.length,
	};
}
