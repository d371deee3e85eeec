import { ANSWERS, type SandboxSettings } from '../../sandbox';
import { open, VIDEO_URL, type Bench } from './support';

const good = { video_name: VIDEO_URL, style: 'anime' };
const limits = { free: 1, level1: 3, level2: 5, level3: 7, level4: 10 };
let bench: Bench;
let time = 1_000_000;
const start = async (settings: Partial<SandboxSettings>) => (bench = await open({ now: () => time, ...settings }));
afterEach(async () => await bench.close());

const submitCode = async (fields: object = {}, token = bench.sandbox.accessToken) =>
	(await bench.submit({ ...good, ...fields }, { authorization: `Bearer ${token}` })).json().code;

test('two tasks in any minute; refusals do not count', async () => {
	await start({ tasksPerMinute: 2 });
	expect(await submitCode()).toBe(0);
	time += 30_000;
	expect(await submitCode({ style: 'nope' })).toBe(ANSWERS.badStyle.code);
	expect(await submitCode()).toBe(0);
	time += 29_999;
	const refused = await bench.submit(good);
	expect(refused.status).toBe(429);
	expect(refused.json().code).toBe(ANSWERS.rateLimit.code);
	expect(refused.headers['retry-after']).toBeUndefined();
	time += 1;
	expect(await submitCode()).toBe(0);
	expect(await submitCode()).toBe(ANSWERS.rateLimit.code);
	time += 30_000;
	expect(await submitCode()).toBe(0);
	expect(bench.sandbox.tasks).toHaveLength(4);
});

test('the minute can be shortened', async () => {
	await start({ tasksPerMinute: 1, minuteMs: 500 });
	expect(await submitCode()).toBe(0);
	time += 499;
	expect(await submitCode()).toBe(ANSWERS.rateLimit.code);
	time += 1;
	expect(await submitCode()).toBe(0);
});

test('submissions in flight together cannot slip past the limits', async () => {
	await start({ tasksPerMinute: 2, parallelTasks: limits, accountLevel: 'level4', taskSeconds: 10 });
	const codes = await Promise.all(Array.from({ length: 6 }, async () => await submitCode()));
	expect(codes.filter((code) => code === 0)).toHaveLength(2);
});

test.each(Object.entries(limits))('an account of level %s has %d tasks in progress', async (level, allowed) => {
	await start({ parallelTasks: limits, taskSeconds: 10 });
	const { accessToken, id } = bench.sandbox.addAccount({ level: level as keyof typeof limits });
	for (let count = 0; count < allowed; count += 1) expect(await submitCode({}, accessToken)).toBe(0);
	expect(await submitCode({}, accessToken)).toBe(ANSWERS.parallelLimit.code);
	expect(bench.sandbox.tasks.every(({ accountId }) => accountId === id)).toBe(true);
	time += 10_000;
	expect(await submitCode({}, accessToken)).toBe(0);
});

test('a task that was ended early frees its place', async () => {
	await start({ parallelTasks: limits, taskSeconds: 10 });
	const taskId = await bench.task();
	expect(await submitCode()).toBe(ANSWERS.parallelLimit.code);
	bench.sandbox.settle(taskId, 'failed');
	expect(await submitCode()).toBe(0);
});

test('accounts do not share limits', async () => {
	await start({ tasksPerMinute: 1 });
	const other = bench.sandbox.addAccount();
	expect(await submitCode()).toBe(0);
	expect(await submitCode({}, other.accessToken)).toBe(0);
	expect(await submitCode()).toBe(ANSWERS.rateLimit.code);
});

test('an account without credits is refused with the vendor\'s 2007', async () => {
	await start({});
	const { accessToken } = bench.sandbox.addAccount({ credits: 1 });
	expect(await submitCode({}, accessToken)).toBe(0);
	expect(await submitCode({}, accessToken)).toBe(2007);
});
