import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { cut, open, pieces, SUBMIT, until, type Bench } from './support';

let bench: Bench;
beforeEach(async () => (bench = await open()));
afterEach(async () => await bench.close());

async function upload(video: Buffer, sizes: number[]): Promise<void> {
	const text = `{"style":"anime","video_name":"${video.toString('base64')}","prompt":"\\u732b 🐈"}`;
	const { body, length } = pieces(cut(Buffer.from(text), sizes));
	const headers = {
		authorization: `Bearer ${bench.sandbox.accessToken}`,
		'content-type': 'application/json',
		'content-length': String(length),
	};
	const reply = await bench.send(SUBMIT, { method: 'POST', headers, body });
	expect(reply.json().code).toBe(0);
	expect(bench.sandbox.tasks.at(-1)).toMatchObject({
		prompt: '猫 🐈',
		video: { kind: 'base64', bytes: video.length, sha256: createHash('sha256').update(video).digest('hex') },
	});
	expect(bench.sandbox.requests.at(-1)).toMatchObject({ bodyBytes: length, completed: true });
}

test.each([1, 2, 3, 4, 5, 6, 7, 255, 256, 257, 49_151, 49_152, 49_153])('decodes %d bytes', async (size) => {
	await upload(randomBytes(size), [64 * 1024]);
});

test('decodes a few bytes that arrive one by one', async () => {
	await upload(randomBytes(100), [1]);
});

test.each([[[1021, 65_537, 3, 99_991]], [[262_144]], [[7919]]])('decodes 3 MiB in pieces of %j', async (sizes) => {
	await upload(randomBytes(3 * 1024 * 1024 + 1), sizes);
});

test('takes base64 whose slashes are escaped', async () => {
	const video = Buffer.from('ffffffff', 'hex');
	const body = `{"style":"anime","video_name":"${video.toString('base64').replaceAll('/', '\\/')}"}`;
	const headers = { authorization: `Bearer ${bench.sandbox.accessToken}`, 'content-type': 'application/json' };
	expect((await bench.send(SUBMIT, { method: 'POST', headers, body })).json().code).toBe(0);
	expect(bench.sandbox.tasks[0]?.video).toMatchObject({ kind: 'base64', bytes: 4 });
});

test('finds one wrong character in the middle of megabytes, and still reads to the end', async () => {
	const video = randomBytes(1024 * 1024).toString('base64');
	const reply = await bench.submit({ style: 'anime', video_name: `${video.slice(0, 700_000)}*${video.slice(700_001)}` });
	expect(reply.json().code).not.toBe(0);
	expect(bench.sandbox.requests[0]?.completed).toBe(true);
	expect(bench.sandbox.tasks).toHaveLength(0);
});

test('sees a client that breaks off, and makes no task', async () => {
	const { hostname, port } = new URL(bench.sandbox.url);
	const socket = connect(Number(port), hostname);
	socket.write(
		`POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bench.sandbox.accessToken}\r\n` +
			'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"style":"anime",',
	);
	await until(() => (bench.sandbox.requests[0]?.bodyBytes ?? 0) > 0);
	socket.destroy();
	expect((await bench.submit({ style: 'anime', video_name: 'QUJD' })).json().code).toBe(0);
	expect(bench.sandbox.requests[0]).toMatchObject({ completed: false, status: null, answeredAt: null });
	expect(bench.sandbox.tasks).toHaveLength(1);
});
