/** Any value of any parameter: a plan, or an error that names the parameter. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { IDataObject, INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { HiDreamApi } from '../../../../credentials/HiDreamApi.credentials';
import { StylizeVideoTrigger } from '../../../../nodes/StylizeVideoTrigger/StylizeVideoTrigger.node';
import { StylizeVideo } from '../../../../nodes/StylizeVideo/StylizeVideo.node';
import { asChoice, asBoolean, asNumber, asWholeNumber, InvalidInput, isUnset } from '../../../../nodes/shared/input';
import { planAll } from '../../../../nodes/StylizeVideo/plan';
import { readWaitSettings } from '../../../../nodes/StylizeVideo/resultSettings';
import { Ledger } from '../../../../nodes/submission/ledger';
import { fakeExecuteFunctions } from '../../support/executeFunctions';
import { nastyJson, sharedNames } from '../arbitraries';

describe('a whole item', () => {
	const properties = new StylizeVideo().description.properties;
	const options = properties.filter(({ name }) => name === 'options').flatMap((collection) => (collection.options ?? []) as INodeProperties[]);
	const displayed = [...properties, ...options].map(({ displayName }) => `"${displayName}"`);

	const numbers = fc.oneof(fc.double(), fc.integer().map(String), fc.constantFrom<unknown>('1e400', 1e300, '1e12', -0, '0x7', ' 5 ', '', '-1'));
	const words = fc.constantFrom<unknown>('wait', 'return', 'item', 'error', 'resubmit', 'true', true, 'none', 'anime', 'binary', 'binaryLink', 'url');
	const urls = fc.oneof(fc.webUrl(), fc.constantFrom('http://10.0.0.1/', 'file:///x', 'http://[', 'https://u:p@videos.example/a.mp4'));
	const values: fc.Arbitrary<unknown> = fc.oneof(nastyJson, numbers, words, urls, fc.constantFrom('data', '__proto__', new Error('Referenced node is unexecuted')));

	/** Some of the names, each with any value. */
	const someOf = (names: string[], value: fc.Arbitrary<unknown>) =>
		fc.uniqueArray(fc.constantFrom(...new Set(names)), { maxLength: 4 }).chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, value]))));

	const names = ['inputType', 'videoUrl', 'binaryPropertyName', 'style', 'prompt', 'downloadVideo', 'outputBinaryPropertyName', 'waitFor'];
	const withoutErrors = values.filter((value) => !(value instanceof Error));
	/** One option alone, so that nothing else rejects the item. */
	const oneNumber = fc.tuple(fc.constantFrom(...options.map(({ name }) => name)), numbers).map(([name, value]) => ({ [name]: value }));

	const parameters = fc.oneof(
		fc.tuple(someOf(names, values), fc.oneof({ weight: 3, arbitrary: someOf(options.map(({ name }) => name), withoutErrors) }, values)),
		fc.tuple(fc.constant({}), oneNumber),
	).map(
		([given, chosen]) => ({ downloadVideo: false, outputBinaryPropertyName: 'data', ...given, options: chosen }) as IDataObject,
	);

	const binaries = fc.constantFrom<INodeExecutionData>(
		{ json: {} },
		{ json: {}, binary: {} },
		{ json: JSON.parse('{"__proto__":{"a":1}}') as IDataObject, binary: { data: { data: 'AAAA', mimeType: 'video/mp4' } } },
		{ json: {}, binary: { data: { data: '', mimeType: '' } } },
		{ json: {}, binary: { data: 'AAAA' } as unknown as INodeExecutionData['binary'] },
		{ json: {}, binary: { data: { id: 'filesystem:1', data: 'filesystem', mimeType: 'video/mp4' } } },
	);

	const helpers = {
		getBinaryMetadata: async () => ({ fileSize: 7 }),
		getBinaryStream: async () => Readable.from([Buffer.alloc(7)], { objectMode: false }),
		createBinarySignedUrl: () => 'https://n8n.example/binary?token=x',
	};

	test('becomes a plan, or a problem that names the parameter', async () => {
		const before = sharedNames();
		let planned = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(fc.tuple(parameters, binaries), { minLength: 1, maxLength: 3 }), async (given) => {
				const context = fakeExecuteFunctions({ parameters: given.map(([set]) => set), items: given.map(([, item]) => item), helpers, workflowId: 'w' });
				const plans = await planAll(context, new Ledger({}, { runIndex: 0 }), { readMore: readWaitSettings });
				expect(plans).toHaveLength(given.length);
				for (const plan of plans) {
					if (!('errorInfo' in plan)) {
						planned += 1;
						const { submission, more } = plan;
						for (const number of [submission.tasksPerMinute, submission.parallelTasks, submission.maxRetryMs, more.pollMs, more.result.maxBytes]) {
							expect(number).toBeGreaterThanOrEqual(0);
							expect(Number.isFinite(number)).toBe(true);
						}
						expect(Number.isNaN(new Date(Date.now() + more.maxWaitMs).getTime())).toBe(false);
						expect(({} as IDataObject)[more.result.binaryField]).toBeUndefined();
						continue;
					}
					expect(plan.status).toBe('invalid');
					expect(displayed.some((name) => plan.errorInfo.message.includes(name) || plan.errorInfo.hint.includes(name))).toBe(true);
					expect(plan.errorInfo.message).not.toMatch(/is not a function|Cannot read prop|Cannot convert|undefined/);
					expect(plan.errorInfo.hint).toMatch(/\S/);
				}
			}),
			{ numRuns: 150 },
		);
		expect(planned).toBeGreaterThan(3);
		expect(sharedNames()).toEqual(before);
	});
});

describe('one parameter', () => {
	const WORDS = ['url', 'binary', 'binaryLink'] as const;
	const OPTIONS = WORDS.map((value) => ({ name: value, value }));
	const values = fc.oneof(
		nastyJson,
		fc.double(),
		fc.double().map(String),
		fc.constantFrom<unknown>('TRUE', ' yes ', 'off', 'Binary Link', 'BINARY', 1, 0, 2, '1', undefined, null, '', ' ', [1], ['url'], 7n, Symbol('s')),
	);

	const parsers: Array<[string, (value: unknown) => unknown, (result: unknown) => boolean]> = [
		['yes or no', (value) => asBoolean(value, 'Field'), (result) => typeof result === 'boolean'],
		['a number', (value) => asNumber(value, 'Field'), (result) => Number.isFinite(result) && Number(result) >= 0],
		['a whole number', (value) => asWholeNumber(value, 'Field', 1), (result) => Number.isInteger(result) && Number(result) >= 1],
		['a choice', (value) => asChoice(value, 'Field', OPTIONS), (result) => WORDS.some((word) => word === result)],
	];

	test.each(parsers)('%s', (_, parse, isRight) => {
		const [byDefault] = [asBoolean(undefined, 'Field')].filter((value) => isRight(value));
		fc.assert(
			fc.property(values, (value) => {
				try {
					const result = parse(value);
					expect(isRight(result)).toBe(true);
					// The default applies to unset values.
					if (result === byDefault && !isUnset(value)) expect(String(value).trim().toLowerCase()).toMatch(/^(false|no|off|0|-0)$/);
				} catch (error) {
					expect(error).toBeInstanceOf(InvalidInput);
					expect((error as Error).message).toContain('"Field"');
				}
			}),
			{ numRuns: 150 },
		);
	});

	const choicesOf = (properties: INodeProperties[]): INodeProperties[] =>
		properties.flatMap((property) => [
			...(property.type === 'options' ? [property] : []),
			...(property.type === 'collection' ? choicesOf((property.options ?? []) as INodeProperties[]) : []),
		]);

	const choices = choicesOf([
		...new StylizeVideo().description.properties,
		...new StylizeVideoTrigger().description.properties,
		...new HiDreamApi().properties,
	]).filter(({ name }) => name !== 'style');

	test.each(choices.map((choice) => [choice.displayName, choice] as const))('%s accepts each displayed name', (_, { displayName, options }) => {
		const listed = (options ?? []) as INodePropertyOptions[];
		const known = listed.map(({ name, value }) => ({ name, value: String(value) }));
		for (const { name, value } of listed) expect(asChoice(name, displayName, known)).toBe(value);
	});
});
