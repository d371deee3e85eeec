/** Videos by URL. What "Video URL" and "Notify URL" accept is in the unit tests of `video` and of the plan. */
import { Socket } from 'node:net';
import { untilTrue } from '../support/untilTrue';
import { asCheck, asFailure, reportOf } from './support/outputs';
import { type SubmitOptions, useEngine } from './support/engine';
import { pluck } from './support/tasks';

describe('Video URL', () => {
	const engine = useEngine();

	const A = 'https://videos.example.com/a.mp4';

	afterEach(() => void jest.restoreAllMocks());

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

	test('a signed URL that expires before its turn is not sent', async () => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'slow', delayMs: 500 } });
		const execution = await engine().start(given([A, signed(600)]));
		await untilTrue(() => engine().submits.length === 1);
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);
		const outcome = await execution.outcome();
		expect(asFailure(outcome.json()[1]).details.status).toBe('invalid');
		expect(engine().submits).toHaveLength(1);
	});

	test('Check names the items whose URL expires before they are sent', async () => {
		const urls = Array.from({ length: 100 }, (_, n) => signed(900, `video-${n}`));
		const report = reportOf(await engine().submit(asCheck(given(urls, { credential: engine().account({ tasksPerMinute: 2 }) }))));
		expect(report).toMatchObject({ tasks: 100, invalid: 0 });
		expect(report.problems.map(({ item }) => item)).toEqual(Array.from({ length: 70 }, (_, n) => n + 30));
		expect(report.problems[0]).toMatchObject({ error: expect.stringMatching(/"Video URL" .* expires at .* about 15 minutes/) as string });
	});

	test('Check does not name the URL of an item that will not be sent', async () => {
		const urls = Array.from({ length: 40 }, (_, n) => signed(900, `video-${n}`));
		const parameters = { options: { idempotencyKey: 'one key for all' } };
		const report = reportOf(await engine().submit(asCheck(given(urls, { credential: engine().account({ tasksPerMinute: 2 }), parameters }))));
		expect(report).toMatchObject({ tasks: 1, already_submitted: 39, problems: [] });
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

	test('a video on this machine is refused before a connection is made', async () => {
		const videoUrl = 'http://localhost:8080/a.mp4';
		const outcome = await engine().submit({ credential: live(), parameters: { videoUrl }, onError: 'continueRegularOutput' });
		const failed = asFailure(outcome.json()[0]);
		expect(failed.details.status).toBe('invalid');
		expect(failed.message).toContain('Video URL');
		expect(connect).not.toHaveBeenCalled();
	});
});
