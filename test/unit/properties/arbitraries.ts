/** Input from a hostile service, caller or expression. */
import fc from 'fast-check';

/** A token in HiDream's format. */
export const tokens = fc.stringMatching(/^sk-[A-Za-z0-9+/_.=-]{12,40}$/);

/** Names that lead to a prototype, or exist on one. */
const nastyKeys = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'length', 'toJSON');

const words = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.constantFrom('', '__proto__', '<img src=x onerror="alert(1)">', '&amp;</td>', '\u0000', '\ud800', 'ECONNRESET', '0', '-1', '1e999'),
);

/** Any JSON value, including objects with dangerous keys; `JSON.parse` makes them own properties. */
export const nastyJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small' },
		fc.oneof(words, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null)),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.array(fc.tuple(fc.oneof(nastyKeys, words), tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
	),
})).value;

const ids = fc.oneof(fc.uuid(), words, fc.integer(), nastyJson);

/** `value`, or anything else instead. */
const mostly = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.oneof({ weight: 3, arbitrary: value }, nastyJson);

/** Something like a response to a submit; any part of it may be anything, or missing. */
export const submitAnswers = fc.record(
	{
		code: mostly(fc.constantFrom<unknown>(0, '0', ' 0 ', 1, -1, '2007', 2007, 2031, 401, 429, 1.5, 'insufficient_credits', 'odd')),
		message: mostly(words),
		request_id: mostly(words),
		result: mostly(fc.record({ task_id: mostly(ids), sub_task_ids: mostly(fc.array(ids, { maxLength: 3 })) }, { requiredKeys: [] })),
	},
	{ requiredKeys: [] },
);

const videos = fc.oneof(fc.webUrl(), words, fc.record({ url: fc.webUrl() }), fc.array(fc.webUrl(), { maxLength: 2 }), fc.constantFrom('file:///etc/passwd', 'data:video/mp4,x', 'javascript:alert(1)', 'HTTP://x'));

/** Something like HiDream's entries about the sub-tasks of a task. */
export const subTaskResults = mostly(
	fc.array(
		mostly(
			fc.record(
				{
					sub_task_id: mostly(ids),
					task_status: mostly(fc.constantFrom<unknown>(0, 1, 1, 1, '1', [1], true, null, '', 2, 3, 4, 1004, -7)),
					task_completion: mostly(fc.double()),
					video: mostly(videos),
					description: mostly(words),
				},
				{ requiredKeys: [] },
			),
		),
		{ maxLength: 4 },
	),
);

export const statuses = fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(200, 302, 400, 401, 429, 500, 503));

/** The properties of the shared prototypes; unchanged if nothing was polluted. */
export const sharedNames = (): PropertyKey[] =>
	[Object, Array, Function, Object.prototype, Array.prototype, Function.prototype, ...Object.values(Object.getOwnPropertyDescriptors(Object.prototype)).map(({ value }) => value as unknown)]
		.filter((shared) => typeof shared === 'function' || (typeof shared === 'object' && shared !== null))
		.flatMap((shared) => Reflect.ownKeys(shared));

/** All keys of a JSON value, at any depth. */
export function keysOf(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.keys(value).concat(...Object.values(value).map(keysOf));
}
