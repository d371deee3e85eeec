/**
 * The same videos as executions that wait, as one execution and as the durable queue, in an n8n in queue mode with two
 * workers: `npx tsx bench/queue/compare.ts`. With `--deploy`, both workers get SIGTERM when half of the tasks are accepted.
 * 60 videos at HiDream's usual pace (`--usual`) take 33 minutes per way.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { program } from 'commander';
import { forgetSecrets } from '../../harness/environment';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { StoredCredential, WorkflowJson } from '../../harness/n8n/workflow';
import { ensureN8n } from '../../harness/n8nInstall';
import { startQueue, type N8nQueue } from '../../harness/n8nQueue';
import { packageTarball } from '../../harness/packageTarball';
import { startSandbox, type Sandbox } from '../../sandbox';
import { example } from '../../scripts/demo/examples';
import { chain, hidreamStep, step } from '../n8n/workflow';
import { terminalTable } from '../report/tables';
import { bestInOrder } from '../scheduler/bounds';

/** How fast HiDream accepts tasks, and how long a task takes. */
interface Pace {
	tasksPerMinute: number;
	parallelTasks: number;
	taskSeconds: number;
}

const USUAL: Pace = { tasksPerMinute: 2, parallelTasks: 10, taskSeconds: 150 };
/** Ten times HiDream's usual pace, so that a run takes minutes. */
const FAST: Pace = { tasksPerMinute: 20, parallelTasks: 10, taskSeconds: 20 };
const WORKERS = 2;
const CONCURRENCY = 10;
const MAX_MS = 60 * 60_000;

type Way = 'executions' | 'one' | 'queue';

const LABELS: Readonly<Record<Way, string>> = { executions: 'an execution per video, which waits', one: 'one execution with all videos', queue: 'the durable queue' };

const video = (n: number): string => `https://example.com/video-${n}.mp4`;

const submitAndWait = hidreamStep({
	operation: 'submitAndWait',
	inputType: 'url',
	videoUrl: '={{ $json.video ?? $json.body.video }}',
	style: 'anime',
	prompt: '',
	options: {},
});

async function workflowOf(way: Way): Promise<WorkflowJson> {
	if (way === 'queue') return { ...(await example('queue.json', {})), settings: { executionOrder: 'v1', saveDataSuccessExecution: 'none' } };
	const split = step('Videos', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'body.videos', options: {} });
	return chain(way, way === 'one' ? [split, submitAndWait] : [submitAndWait], 'immediately');
}

async function sendAll(n8n: N8nQueue, way: Way, count: number): Promise<void> {
	const numbers = Array.from({ length: count }, (_, n) => n);
	if (way === 'one') return void (await n8n.callWebhook('one', { videos: numbers.map((n) => ({ video: video(n) })) }));
	const path = way === 'queue' ? 'hidream-queue' : way;
	for (const n of numbers) await n8n.callWebhook(path, { video: video(n), style: 'anime' });
}

async function residentMiB(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Executions that run now, and rows that were written so far. */
async function databaseState(n8n: N8nQueue): Promise<{ running: number; written: number }> {
	const [row] = await n8n.query<{ running: string; written: string }>(
		`SELECT (SELECT count(*) FROM execution_entity WHERE status = 'running' AND "deletedAt" IS NULL) AS running,
			(SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables) AS written`,
	);
	return { running: Number(row?.running), written: Number(row?.written) };
}

interface Figures {
	accepted: number;
	seconds: number;
	/** Executions that ran at the same time, on average and at most. */
	slots: number;
	maxSlots: number;
	/** Memory of both workers over idle, in MiB. */
	peakMiB: number;
	rowsPerVideo: number;
}

/** Waits until all tasks have ended and nothing runs, or nothing happens any more; samples every second. */
async function sample(n8n: N8nQueue, sandbox: Sandbox, count: number, deploy: boolean): Promise<Figures> {
	const memory = async () => (await Promise.all(n8n.workers.filter(({ runs }) => runs).map(async ({ pid }) => await residentMiB(pid)))).reduce((sum, mib) => sum + mib, 0);
	const [idle, before, begin] = [await memory(), await databaseState(n8n), Date.now()];
	const samples: number[] = [];
	let [peakMiB, last, deployed, quiet] = [0, 0, !deploy, 0];
	for (;;) {
		await sleep(1_000);
		const { tasks } = sandbox;
		const { running } = await databaseState(n8n);
		samples.push(running);
		peakMiB = Math.max(peakMiB, (await memory()) - idle);
		if (!deployed && tasks.length >= count / 2) {
			deployed = true;
			await Promise.all(n8n.workers.map(async (worker) => await worker.stop()));
			await Promise.all(n8n.workers.map(async (worker) => await worker.start()));
		}
		const ended = tasks.filter(({ endedAt }) => endedAt !== null && endedAt <= Date.now());
		if (ended.length > last) [last, quiet] = [ended.length, 0];
		quiet += 1;
		const isDone = ended.length === count && (running === 0 || quiet > 60);
		if (isDone || quiet > 400 || Date.now() - begin > MAX_MS) break;
	}
	const { written } = await databaseState(n8n);
	return {
		accepted: sandbox.tasks.length,
		seconds: (Date.now() - begin) / 1_000,
		slots: samples.reduce((sum, running) => sum + running, 0) / samples.length,
		maxSlots: Math.max(...samples),
		peakMiB,
		rowsPerVideo: (written - before.written) / count,
	};
}

async function measureWay(way: Way, count: number, pace: Pace, deploy: boolean): Promise<string[]> {
	const tgz = await packageTarball();
	const files = await temporaryFolder('bench-queue');
	const n8n = await startQueue({ tgz, workers: WORKERS, env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: String(CONCURRENCY), N8N_RESTRICT_FILE_ACCESS_TO: files } });
	const sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: pace.tasksPerMinute, taskSeconds: pace.taskSeconds });
	try {
		const data = { authentication: 'accessToken', accessToken: sandbox.accessToken, baseUrl: sandbox.url, accountLevel: 'level4', tasksPerMinute: pace.tasksPerMinute, retryCodes: '1402' };
		const credential: StoredCredential = await n8n.importCredential({ name: 'HiDream', type: 'hiDreamApi', data });
		await n8n.activate(await n8n.importWorkflow(await workflowOf(way), [credential]));
		await sleep(5_000);
		const figures = sample(n8n, sandbox, count, deploy);
		await sendAll(n8n, way, count);
		const { accepted, seconds, slots, maxSlots, peakMiB, rowsPerVideo } = await figures;
		const refusals = sandbox.requests.filter(({ endpoint }) => endpoint === 'submit').length - sandbox.tasks.length;
		const jobs = Array.from({ length: count }, () => ({ uploadMs: 0, acceptedAt: 0, runMs: pace.taskSeconds * 1_000 }));
		const bound = bestInOrder(jobs, pace) / 1_000;
		return [LABELS[way], `${accepted} of ${count}`, String(refusals), seconds.toFixed(0), (seconds / bound).toFixed(2), slots.toFixed(1), String(maxSlots), peakMiB.toFixed(0), rowsPerVideo.toFixed(0)];
	} finally {
		await n8n.stop();
		await sandbox.close();
		await removeFolder(files);
	}
}

async function main(): Promise<void> {
	const { videos, deploy, usual, ways } = program
		.option('--videos <n>', 'number of videos', '60')
		.option('--ways <names>', 'executions, one, queue', 'executions,one,queue')
		.option('--deploy', 'end both workers with SIGTERM half-way', false)
		.option('--usual', "HiDream's usual pace, 2 tasks a minute, instead of ten times that", false)
		.parse()
		.opts<{ videos: string; deploy: boolean; usual: boolean; ways: string }>();
	const pace = usual ? USUAL : FAST;
	await ensureN8n(console.log);
	const rows: string[][] = [];
	for (const way of ways.split(',') as Way[]) rows.push(await measureWay(way, Number(videos), pace, deploy));
	const head = ['way', 'accepted', 'refusals', 'seconds', 'of the shortest schedule', 'running executions', 'at most', 'peak memory, MiB', 'rows written per video'];
	console.log(terminalTable({ caption: `${videos} videos, ${pace.tasksPerMinute} a minute, ${pace.parallelTasks} at the same time, tasks of ${pace.taskSeconds} s${deploy ? ', a deploy in the middle' : ''}`, head, rows }));
}

forgetSecrets();
main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
