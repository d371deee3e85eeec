/** Finding the video of an item before anything is sent. */
import { Readable } from 'node:stream';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { InvalidInput } from '../../../nodes/shared/input';
import { NodeParameters } from '../../../nodes/shared/nodeParameters';
import { findVideo } from '../../../nodes/StylizeVideo/video';
import { fakeExecuteFunctions, PUBLIC_URL } from '../support/executeFunctions';
import type { NodeSetup } from '../support/executeFunctions';

const FILE: IBinaryData = { id: 'filesystem-v2:workflows/1/executions/temp/binary_data/abc', data: 'filesystem-v2', mimeType: 'video/mp4' };
const INLINE: IBinaryData = { data: Buffer.from('video').toString('base64'), mimeType: 'video/mp4' };
const sized = (fileSize: number) => ({
	getBinaryMetadata: async () => ({ fileSize }),
	getBinaryStream: async () => Readable.from([Buffer.alloc(fileSize, 255)], { objectMode: false }),
});

async function find(inputType: string, setup: NodeSetup & { binary?: INodeExecutionData['binary'] }, sameMachine = false) {
	const { binary, ...rest } = setup;
	const parameters = { inputType, ...(rest.parameters as object) };
	const context = fakeExecuteFunctions({ ...rest, parameters, items: [{ json: {}, binary }] });
	return await findVideo(context, new NodeParameters(context).forItem(0), 0, sameMachine);
}

async function expectInvalid(found: Promise<unknown>, message: RegExp): Promise<void> {
	await expect(found).rejects.toBeInstanceOf(InvalidInput);
	await expect(found).rejects.toThrow(message);
	await expect(found).rejects.toHaveProperty('hint', expect.stringMatching(/\w{3,}/));
}

test('describes a URL', async () => {
	const { openVideo, identity } = await find('url', {});
	expect(openVideo()).toEqual({ kind: 'text', text: PUBLIC_URL });
	expect(identity).toContain(PUBLIC_URL);
});

describe('a binary file', () => {
	test('in n8n\'s store', async () => {
		const { openVideo } = await find('binary', { binary: { data: FILE }, helpers: sized(77) });
		expect(openVideo()).toMatchObject({ kind: 'stored', size: 77 });
	});

	test('in memory', async () => {
		const { openVideo } = await find('binary', { binary: { data: INLINE } });
		expect(openVideo()).toEqual({ kind: 'base64', base64: INLINE.data });
	});

	test('in the field that the user names', async () => {
		const binary = { data: FILE, other: INLINE };
		const { openVideo } = await find('binary', { binary, parameters: { binaryPropertyName: 'other' } });
		expect(openVideo()).toHaveProperty('kind', 'base64');
	});

	test.each([
		[{ a: FILE, b: FILE }, 'data', /"Input Binary Field" names the field "data"/],
		[undefined, 'data', /no binary file there/],
		[{ data: FILE }, 'constructor', /"constructor"/],
		[{ data: FILE }, '__proto__', /"__proto__"/],
		[{ data: FILE }, '', /"Input Binary Field" is empty/],
		[{ data: FILE }, undefined, /"Input Binary Field" is empty/],
		[{ data: FILE }, ' [object Object]', /object turned into text/],
		[{ data: FILE }, 'A'.repeat(5_000), /names the field "A{60}…"/],
	])('a missing field is invalid', async (binary, binaryPropertyName, what) => {
		await expectInvalid(find('binary', { binary, parameters: { binaryPropertyName } }), what);
	});

	test.each([
		[{ data: FILE }, sized(0)],
		[{ data: { ...INLINE, data: '' } }, {}],
	])('an empty file is invalid', async (binary, helpers) => {
		await expectInvalid(find('binary', { binary, helpers }), /is empty/);
	});

	test('a file that n8n has lost is invalid', async () => {
		const helpers = { getBinaryMetadata: async () => await Promise.reject(new Error('File not found')) };
		await expectInvalid(find('binary', { binary: { data: FILE }, helpers }), /cannot be found.*File not found/);
	});

	test('has the same fingerprint after n8n has moved it, and another one than another file', async () => {
		const identities = await Promise.all(
			[FILE.id, 'filesystem-v2:workflows/1/executions/9/binary_data/abc', 'filesystem-v2:workflows/1/executions/9/binary_data/xyz'].map(
				async (id) => (await find('binary', { binary: { data: { ...FILE, id } }, helpers: sized(7) })).identity,
			),
		);
		expect(identities[1]).toBe(identities[0]);
		expect(identities[2]).not.toBe(identities[0]);
	});

	test('has a fingerprint of its content in memory', async () => {
		const identityOf = async (text: string) =>
			(await find('binary', { binary: { data: { ...INLINE, data: Buffer.from(text).toString('base64') } } })).identity;
		expect(await identityOf('one')).toBe(await identityOf('one'));
		expect(await identityOf('one')).not.toBe(await identityOf('two'));
	});
});

describe('a link to a binary file', () => {
	const LINK = 'https://n8n.example/rest/binary-data/signed?token=1';
	const linked = (more: NodeSetup = {}, link = LINK) => ({
		binary: { data: FILE },
		...more,
		helpers: { ...sized(7), createBinarySignedUrl: (_: IBinaryData, expiresIn?: string | number) => `${link}&for=${expiresIn}` },
	});

	test('is valid for a day, or as long as the user says', async () => {
		const hours = async (linkExpiresIn?: number) =>
			(await find('binaryLink', linked({ parameters: { options: { linkExpiresIn } } }))).openVideo();
		expect(await hours()).toEqual({ kind: 'text', text: `${LINK}&for=86400s` });
		expect(await hours(0.5)).toEqual({ kind: 'text', text: `${LINK}&for=1800s` });
		expect(await hours(0.0001)).toEqual({ kind: 'text', text: `${LINK}&for=1s` });
	});

	test('is invalid if HiDream cannot reach this n8n', async () => {
		await expectInvalid(find('binaryLink', linked({}, 'http://localhost:5678/x?')), /link to the binary file points to localhost/);
		await expect(find('binaryLink', linked({}, 'http://localhost:5678/x?'), true)).resolves.toBeDefined();
	});

	test('is invalid without a duration', async () => {
		await expectInvalid(find('binaryLink', linked({ parameters: { options: { linkExpiresIn: 0 } } })), /more than 0/);
	});

	test('is invalid for a file in memory', async () => {
		await expectInvalid(find('binaryLink', { binary: { data: INLINE } }), /in memory/);
	});

	test('is invalid for an empty file', async () => {
		await expectInvalid(find('binaryLink', { binary: { data: FILE }, helpers: sized(0) }), /is empty/);
	});

	test.each<[NodeSetup, boolean]>([
		[{ mode: 'trigger', settings: { saveDataSuccessExecution: 'none' } }, false],
		[{ mode: 'trigger', settings: { saveDataSuccessExecution: 'none' }, parameters: { operation: 'submitAndWait' } }, true],
	])('is invalid in an execution that n8n deletes at its end: %j', async (setup, good) => {
		const found = find('binaryLink', linked(setup));
		if (good) expect((await found).openVideo()).toHaveProperty('kind', 'text');
		else await expectInvalid(found, /does not save its successful executions/);
	});
});
