/** Videos by URL: what "Video URL" and "Notify URL" accept. */
import { Socket } from 'node:net';
import { asCheck, asFailure, reportOf } from './support/outputs';
import { type SubmitOptions, useEngine, ITEM_URL } from './support/engine';
import { pluck } from './support/tasks';

describe('Video URL', () => {
	const engine = useEngine();

	const A = 'https://videos.example.com/a.mp4';

	/** An S3 URL that was signed a day ago and is valid for this many seconds from now on. */
	const signed = (seconds: number, name = 'a') => {
		const date = new Date(Date.now() - 86_400_000).toISOString().replace(/[-:]|\.\d+/g, '');
		return `https://b.s3.amazonaws.com/${name}.mp4?X-Amz-Date=${date}&X-Amz-Expires=${86_400 + seconds}&X-Amz-Signature=0a%2F`;
	};

	const given = (urls: unknown[], more: SubmitOptions = {}): SubmitOptions => ({
		items: urls.map((url) => ({ json: { url } })) as SubmitOptions['items'],
		onError: 'continueRegularOutput',
		...more,
		parameters: { videoUrl: '={{ $json.url }}', ...more.parameters },
	});

	test('sends the URL percent-encoded, without encoding it twice', async () => {
		const fresh = signed(3_600);
		const outcome = await engine().submit(given([`${A}\n`, ['https://videos.example.com/my video 视频.mp4'], `<${A}>`, fresh]));
		expect(pluck(outcome.json(), 'task_id')).toEqual(engine().taskIds);
		expect(engine().sandbox.tasks.map(({ video }) => video)).toMatchObject([
			{ url: A },
			{ url: 'https://videos.example.com/my%20video%20%E8%A7%86%E9%A2%91.mp4' },
			{ url: A },
			{ url: fresh },
		]);
	});

	test('refuses URLs that HiDream cannot download', async () => {
		const urls = [`${A}\n${A}`, 'https://videos.example.com/undefined', 'https://youtu.be/abc', 'https://a.example.com\\x.mp4', signed(-1), { href: A }, 's3://b/a.mp4'];
		const outcome = await engine().submit(given(urls));
		expect(outcome.json().map(({ details }) => (details as { status: string }).status)).toEqual(urls.map(() => 'invalid'));
		for (const { error } of outcome.json()) expect(error).toMatch(/^"Video URL" /);
		expect(engine().submits).toEqual([]);
	});

	test('a dry run names the items whose URL expires before they are sent', async () => {
		const urls = Array.from({ length: 100 }, (_, n) => signed(900, `video-${n}`));
		const report = reportOf(await engine().submit(asCheck(given(urls, { credential: engine().account({ tasksPerMinute: 2 }) }))));
		expect(report).toMatchObject({ tasks: 100, invalid: 0 });
		expect(report.problems.map(({ item }) => item)).toEqual(Array.from({ length: 70 }, (_, n) => n + 30));
		expect(report.problems[0]).toMatchObject({ error: expect.stringMatching(/"Video URL" .* expires at .* about 15 minutes/) as string });
	});

	test('a dry run does not name the URL of an item that will not be sent', async () => {
		const urls = Array.from({ length: 40 }, (_, n) => signed(900, `video-${n}`));
		const parameters = { options: { idempotencyKey: 'one key for all' } };
		const report = reportOf(await engine().submit(asCheck(given(urls, { credential: engine().account({ tasksPerMinute: 2 }), parameters }))));
		expect(report).toMatchObject({ tasks: 1, already_submitted: 39, problems: [] });
	});

	test('a retry returns the task ID of an accepted item, though its URL has expired or is refused now', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 2, fault: { type: 'code', code: 1403, message: 'forbidden' } });
		const execution = await engine().start(given([signed(3_600), A, A], { onError: undefined }));
		expect((await execution.outcome()).words).toContain('1403');
		const later = await execution.retry(async ({ resultData }) => {
			const items = resultData.runData['Source']?.[0]?.data?.['main']?.[0] ?? [];
			for (const [i, url] of [signed(-60), 'https://youtu.be/abc'].entries()) Object.assign(items[i]?.json ?? {}, { url });
		});
		const outcome = await later.outcome();
		expect(outcome.error).toBeUndefined();
		expect(pluck(outcome.json(), 'task_id')).toEqual(engine().taskIds);
		expect(engine().taskIds).toHaveLength(3);
	});
});

describe('addresses that HiDream cannot reach', () => {
	const engine = useEngine();
	let connect: jest.SpyInstance;

	beforeEach(() => {
		connect = jest.spyOn(Socket.prototype, 'connect');
	});

	afterEach(() => {
		connect.mockRestore();
	});

	/** The real service's address: never reached, since the item is refused before. */
	const live = () => engine().account({ baseUrl: 'https://www.hidreamai.com' });

	const PRIVATE = [
		'http://localhost:8080/a.mp4',
		'http://127.0.0.1/a.mp4',
		'http://10.1.2.3/a.mp4',
		'http://172.16.0.9/a.mp4',
		'http://192.168.1.5/a.mp4',
		'http://169.254.169.254/latest',
		'http://[::1]/a.mp4',
		'http://[fd00::1]/a.mp4',
		'http://[fe80::1]/a.mp4',
		'http://2130706433/a.mp4',
		'http://0x7f.1/a.mp4',
		'http://[::ffff:10.0.0.1]/a.mp4',
	];

	test.each(PRIVATE)('video at %s: refused before a connection is made', async (videoUrl) => {
		const outcome = await engine().submit({ credential: live(), parameters: { videoUrl }, onError: 'continueRegularOutput' });
		const failed = asFailure(outcome.json()[0]);
		expect(failed.details.status).toBe('invalid');
		expect(failed.message).toContain('Video URL');
		expect(connect).not.toHaveBeenCalled();
	});

	test.each(['http://localhost:5678/webhook/x', 'https://192.168.0.2/webhook/x'])('notify URL %s: refused as well', async (notifyUrl) => {
		const parameters = { options: { notifyUrl } };
		const outcome = await engine().submit({ credential: live(), parameters, onError: 'continueRegularOutput' });
		const failed = asFailure(outcome.json()[0]);
		expect(failed.details.status).toBe('invalid');
		expect(failed.message).toContain('Notify URL');
		expect(connect).not.toHaveBeenCalled();
	});

	test('allows such addresses if the Base URL is on this machine', async () => {
		const parameters = { videoUrl: 'http://127.0.0.1:9/a.mp4', options: { notifyUrl: 'http://localhost:9/hook' } };
		const outcome = await engine().submit({ parameters });
		expect(outcome.error).toBeUndefined();
		expect(engine().taskIds).toHaveLength(1);
		expect(connect).toHaveBeenCalled();
	});

	test('one such item among others stops the run before anything is sent', async () => {
		const items = [{ json: { url: ITEM_URL } }, { json: { url: PRIVATE[0] ?? '' } }];
		const outcome = await engine().submit({ credential: live(), parameters: { videoUrl: '={{ $json.url }}' }, items });
		expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
		expect(connect).not.toHaveBeenCalled();
	});
});
