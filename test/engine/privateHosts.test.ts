/** Addresses that HiDream could never fetch from: the task would be paid for nothing. */
import { Socket } from 'node:net';
import { asFailure } from './support/failures';
import { useBench, VIDEO_URL } from './support/hidream';

const bench = useBench();
let connect: jest.SpyInstance;

beforeEach(() => {
	connect = jest.spyOn(Socket.prototype, 'connect');
});

afterEach(() => {
	connect.mockRestore();
});

/** The real service's address: never reached, since the item is refused before. */
const live = () => bench().account({ baseUrl: 'https://www.hidreamai.com' });

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
	const outcome = await bench().submit({ credential: live(), parameters: { videoUrl }, onError: 'continueRegularOutput' });
	const failed = asFailure(outcome.json()[0]);
	expect(failed.details.status).toBe('invalid');
	expect(failed.message).toContain('Video URL');
	expect(connect).not.toHaveBeenCalled();
});

test.each(['http://localhost:5678/webhook/x', 'https://192.168.0.2/webhook/x'])('notify URL %s: refused as well', async (notifyUrl) => {
	const parameters = { options: { notifyUrl } };
	const outcome = await bench().submit({ credential: live(), parameters, onError: 'continueRegularOutput' });
	const failed = asFailure(outcome.json()[0]);
	expect(failed.details.status).toBe('invalid');
	expect(failed.message).toContain('Notify URL');
	expect(connect).not.toHaveBeenCalled();
});

test('with a service on this machine, such addresses are fine', async () => {
	const parameters = { videoUrl: 'http://127.0.0.1:9/a.mp4', options: { notifyUrl: 'http://localhost:9/hook' } };
	const outcome = await bench().submit({ parameters });
	expect(outcome.error).toBeUndefined();
	expect(bench().taskIds).toHaveLength(1);
	expect(connect).toHaveBeenCalled();
});

test('one such item among others stops the run before anything is sent', async () => {
	const items = [{ json: { url: VIDEO_URL } }, { json: { url: PRIVATE[0] ?? '' } }];
	const outcome = await bench().submit({ credential: live(), parameters: { videoUrl: '={{ $json.url }}' }, items });
	expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
	expect(connect).not.toHaveBeenCalled();
});
