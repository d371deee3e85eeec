/** What comes out of the node, key by key. */
import { failedItem, submissionJson } from '../../../nodes/shared/output';

const STYLE_OPTIONS = { style: 'anime', prompt: 'soft light' };

test('a submitted item', () => {
	const outcome = { kind: 'accepted', requestId: 'r', taskId: 't', subTaskIds: ['a', 'b'], styleOptions: STYLE_OPTIONS, fresh: true, ended: () => undefined } as const;
	const evaluatedAnew = { style: 'cartoon', prompt: 'at another time' };
	expect(submissionJson({ ...outcome, subTaskIds: ['a', 'b'] }, evaluatedAnew)).toStrictEqual({
		task_id: 't',
		sub_task_ids: ['a', 'b'],
		request_id: 'r',
		status: 'submitted',
		style: 'anime',
		prompt: 'soft light',
	});
});

test('an item whose key had been used before', () => {
	expect(submissionJson({ kind: 'alreadySubmitted', requestId: 'r' }, STYLE_OPTIONS)).toStrictEqual({
		task_id: null,
		sub_task_ids: [],
		request_id: 'r',
		status: 'already_submitted',
		style: 'anime',
		prompt: 'soft light',
	});
});

test.each([
	[45_000, 45],
	[45_001, 46],
	[1, 1],
])('an item that a limit held back: after %i ms', (retryAfterMs, seconds) => {
	expect(submissionJson({ kind: 'notSubmitted', retryAfterMs }, STYLE_OPTIONS)).toStrictEqual({
		task_id: null,
		sub_task_ids: [],
		request_id: null,
		status: 'not_submitted',
		retry_after: seconds,
		style: 'anime',
		prompt: 'soft light',
	});
});

describe('an item that failed', () => {
	test('with all that is known: these keys and no others', () => {
		const errorInfo = { message: 'HiDream refused it', hint: 'Try another.', httpStatus: 400, vendorCode: 7, vendorMessage: '<b>', requestId: 'theirs', taskId: 't' };
		expect(failedItem(3, { status: 'uncertain', errorInfo, requestId: 'ours' })).toStrictEqual({
			json: {
				error: 'HiDream refused it',
				message: expect.stringContaining('Try another.'),
				details: { status: 'uncertain', scope: 'item', code: 7, request_id: 'theirs', task_id: 't' },
			},
			pairedItem: { item: 3 },
		});
	});

	test('with nothing known', () => {
		expect(failedItem(0, { status: 'invalid', errorInfo: { message: 'Empty', hint: 'Fill it.' } })).toStrictEqual({
			json: {
				error: 'Empty',
				message: expect.stringMatching(/^Empty\. Fill it\.$/),
				details: { status: 'invalid', scope: 'item', code: null, request_id: null, task_id: null },
			},
			pairedItem: { item: 0 },
		});
	});

	test('code 0 is a code', () => {
		const { json } = failedItem(0, { status: 'uncertain', errorInfo: { message: 'x', hint: '', vendorCode: 0 } });
		expect(json['details']).toHaveProperty('code', 0);
	});

	test('uncertain: the message names the request that was sent', () => {
		const { json } = failedItem(0, { status: 'uncertain', errorInfo: { message: 'x', hint: 'y' }, requestId: 'ours' });
		expect(json['message']).toContain('ours');
		expect(json['details']).toHaveProperty('request_id', 'ours');
	});

	test('it survives n8n\'s JSON, and "error" is true-ish text', () => {
		const { json } = failedItem(0, { status: 'refused', errorInfo: { message: 'x', hint: 'y' } });
		expect(JSON.parse(JSON.stringify(json))).toEqual(json);
		expect(typeof json['error']).toBe('string');
	});

	test('vendor text stays as it came: JSON is no HTML', () => {
		const { json } = failedItem(0, { status: 'refused', errorInfo: { message: 'It said "<b>"', hint: 'y' } });
		expect(json['error']).toBe('It said "<b>"');
	});
});
