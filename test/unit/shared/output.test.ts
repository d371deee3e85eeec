/** The output of the node, key by key. */
import { failedItem, submissionJson } from '../../../nodes/shared/output';

const STYLE_OPTIONS = { style: 'anime', prompt: 'soft light' };

test('outputs the IDs of a submitted item', () => {
	const outcome = { kind: 'accepted', requestId: 'r', taskId: 't', subTaskIds: ['a', 'b'], styleOptions: STYLE_OPTIONS, fresh: true, ended: () => undefined } as const;
	const evaluatedAgain = { style: 'cartoon', prompt: 'at another time' };
	expect(submissionJson({ ...outcome, subTaskIds: ['a', 'b'] }, evaluatedAgain)).toStrictEqual({
		task_id: 't',
		sub_task_ids: ['a', 'b'],
		request_id: 'r',
		status: 'submitted',
		style: 'anime',
		prompt: 'soft light',
	});
});

test('outputs already_submitted without a task ID for an item whose key was used before', () => {
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
])('an item that was not submitted because of a limit: after %i ms', (retryAfterMs, seconds) => {
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
	test('has these keys and no others with all details', () => {
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

	test('has these keys with no details', () => {
		expect(failedItem(0, { status: 'invalid', errorInfo: { message: 'Empty', hint: 'Fill it.' } })).toStrictEqual({
			json: {
				error: 'Empty',
				message: expect.stringMatching(/^Empty\. Fill it\.$/),
				details: { status: 'invalid', scope: 'item', code: null, request_id: null, task_id: null },
			},
			pairedItem: { item: 0 },
		});
	});

	test('keeps code 0', () => {
		const { json } = failedItem(0, { status: 'uncertain', errorInfo: { message: 'x', hint: '', vendorCode: 0 } });
		expect(json['details']).toHaveProperty('code', 0);
	});

	test('uncertain: the message names the request', () => {
		const { json } = failedItem(0, { status: 'uncertain', errorInfo: { message: 'x', hint: 'y' }, requestId: 'ours' });
		expect(json['message']).toContain('ours');
		expect(json['details']).toHaveProperty('request_id', 'ours');
	});

	test('survives n8n\'s JSON, and "error" is a non-empty text', () => {
		const { json } = failedItem(0, { status: 'refused', errorInfo: { message: 'x', hint: 'y' } });
		expect(JSON.parse(JSON.stringify(json))).toEqual(json);
		expect(typeof json['error']).toBe('string');
	});

	test('keeps HiDream\'s text unescaped: JSON is no HTML', () => {
		const { json } = failedItem(0, { status: 'refused', errorInfo: { message: 'It said "<b>"', hint: 'y' } });
		expect(json['error']).toBe('It said "<b>"');
	});
});
