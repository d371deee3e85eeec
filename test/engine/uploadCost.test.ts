/**
 * The cost of a file upload, counted and not timed: new memory, copies, requests, and how far it reads ahead.
 * The time follows from these: in n8n each new piece of memory brings the next collection of a large heap nearer.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import { HiDreamApi } from '../../credentials/HiDreamApi.credentials';
import { StylizeVideo } from '../../nodes/StylizeVideo/StylizeVideo.node';
import { closeEngine, Instance } from '../../harness/engine';
import { storeVideo } from '../../harness/engine/binaries';
import { bufferWork, growth } from './uploadCost/bufferWork';
import { startReceiver, type Receiver } from './uploadCost/receiver';
import { measureUpload } from './uploadCost/upload';

jest.setTimeout(60_000);

const MIB = 2 ** 20;
const KIB = 2 ** 10;
/** Not a multiple of three, so that the base64 ends in padding. */
const [SHORT, LONG] = [3 * MIB + 1, 24 * MIB + 1];
/** The difference between the bodies of the long and the short video. */
const BODY_MIB = ((LONG - SHORT) * 4) / 3 / MIB;
/** Maximum memory of a submit: some pieces that are being read, encoded and sent. */
const HELD = 2 * MIB;

const n8n = new Instance('n8n-nodes-hidream.stylizeVideo', new StylizeVideo(), new HiDreamApi());
let receiver: Receiver;

beforeAll(async () => {
	receiver = await startReceiver();
});
afterEach(async () => {
	jest.restoreAllMocks();
	await receiver.takeAll();
});
afterAll(async () => {
	await receiver.close();
	closeEngine();
});

/** A video in n8n's store; its bytes are nowhere else. */
async function videoOf(bytes: number, binaryMode: 'filesystem' | 'default') {
	const video = randomBytes(bytes);
	const binary = await storeVideo(Readable.from([video]), binaryMode);
	return { binary, binaryMode, digest: { kind: 'base64', bytes, sha256: createHash('sha256').update(video).digest('hex') } };
}

async function submit({ binary, binaryMode }: { binary: IBinaryData; binaryMode: 'filesystem' | 'default' }) {
	const credential = { authentication: 'accessToken', accessToken: 'sk-upload', baseUrl: receiver.url, tasksPerMinute: 0 };
	const parameters = { operation: 'submit', inputType: 'binary', style: 'anime' };
	const outcome = await n8n.run({ parameters, credential, items: [{ binary: { data: binary } }], binaryMode });
	expect(outcome.error).toBeUndefined();
}

/** The single request of a submit, byte for byte. */
async function expectReceived(...digests: object[]) {
	const path = '/api-pub/gw/v2/video/video_edit/async';
	expect(await receiver.takeAll()).toEqual(
		digests.map((video) => ({ method: 'POST', path, video, bytes: expect.any(Number), isWhole: true })),
	);
}

// If n8n has the video as base64, each character is written once into the sent buffer.
test.each([['filesystem', 0], ['default', 1]] as const)('%s mode: a longer video needs no more memory and few copies', async (mode, copies) => {
	const [short, long] = [await videoOf(SHORT, mode), await videoOf(LONG, mode)];
	const less = await bufferWork(async () => await submit(short));
	const more = await bufferWork(async () => await submit(long));
	await expectReceived(short.digest, long.digest);

	const perMiB = growth(less, more, BODY_MIB);
	// Each byte is read once, into memory that n8n's own stream allocates.
	expect(perMiB.reads.bytes).toBeLessThanOrEqual(mode === 'filesystem' ? 0.76 * MIB : 0);
	expect(perMiB.made.count).toBeLessThan(0.5);
	expect(perMiB.made.bytes).toBeLessThan(16 * KIB);
	expect(perMiB.views.count).toBeLessThan(16);
	expect(perMiB.copied.bytes).toBeLessThan((copies + 0.05) * MIB);
});

test('reads the file no faster than the receiver, and sends the rest when it continues', async () => {
	const video = await videoOf(2 * LONG, 'filesystem');
	const upload = measureUpload();
	const stopped = receiver.stopAfter(MIB);
	const submitted = submit(video);
	const got = await stopped;
	await upload.standsStill();

	const [read, left] = [upload.read(), upload.left()];
	receiver.goOn();
	await submitted;

	expect(left).toBeGreaterThanOrEqual(got);
	expect(read * (4 / 3) - left).toBeLessThan(HELD);
	expect(read).toBeLessThan(2 * LONG);
	expect(upload.read()).toBe(2 * LONG);
	await expectReceived(video.digest);
});
