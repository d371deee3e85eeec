/** The error that ends a run: it must not lose a paid task. */
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { cancelledError, runError } from '../../../nodes/StylizeVideo/errors';
import type { FailedItem } from '../../../nodes/shared/output';
import { nodeOf } from '../support/executeFunctions';

const TOOL = 'n8n-nodes-hidream.stylizeVideoTool';
const NOTHING = { acceptedTaskIds: [], unclearRequests: [], notTried: 0 };
const failed = (more: Partial<FailedItem['errorInfo']> = {}): FailedItem => ({
	status: 'refused',
	errorInfo: { message: 'HiDream refused the video', hint: 'Try another.', ...more },
	requestId: 'ours',
});

test('a response of HiDream becomes an API error with its status', () => {
	const error = runError(nodeOf(), 4, failed({ httpStatus: 413 }), NOTHING);
	expect(error).toBeInstanceOf(NodeApiError);
	expect(error).toHaveProperty('httpCode', '413');
	expect(error.context).toHaveProperty('itemIndex', 4);
});

test('a missing response becomes an operation error', () => {
	const error = runError(nodeOf(), 0, failed(), NOTHING);
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error.context).toHaveProperty('itemIndex', 0);
});

describe('requests that may have created a task', () => {
	const unclearRequests = [{ requestId: 'r-1' }, { requestId: 'r-2', taskId: 't-2' }];

	test('are named, with the task that the response mentioned', () => {
		const refused = { ...failed({ message: 'refused' }), status: 'refused' as const, requestId: 'r-1' };
		expect(runError(nodeOf(), 0, refused, { ...NOTHING, unclearRequests }).message).toMatch(/r-1.*r-2, task t-2/);
	});

	test('without the one of the item that the error is about', () => {
		const uncertain = { ...failed({ message: 'no response', requestId: 'v-1' }), status: 'uncertain' as const, requestId: 'r-1' };
		const { message } = runError(nodeOf(), 0, uncertain, { ...NOTHING, unclearRequests });
		expect(message).toContain('r-2');
		expect(message).not.toContain('r-1');
	});
});

test.each([nodeOf(), nodeOf(TOOL)])('message and description name every accepted task and how many items were not tried ($type)', (node) => {
	const acceptedTaskIds = Array.from({ length: 250 }, (_, n) => `task-${n}-x`);
	const error = runError(node, 250, failed({ httpStatus: 400 }), { ...NOTHING, acceptedTaskIds, notTried: 7 });
	for (const text of [error.message, error.description ?? '']) {
		for (const id of acceptedTaskIds) expect(text).toContain(id);
		expect(text).toMatch(/\b7 items were not tried/);
	}
	expect(error.message).toContain('HiDream refused the video');
	expect(error.message).toContain('[item 250]');
});

test.each([
	[1, /1 item was not tried/],
	[2, /2 items were not tried/],
])('%i not tried', (notTried, words) => {
	expect(runError(nodeOf(), 0, failed(), { ...NOTHING, notTried }).message).toMatch(words);
});

test('says nothing about tasks if none was accepted and no item is left', () => {
	const { message, description } = runError(nodeOf(), 0, failed(), NOTHING);
	expect(`${message} ${description}`).not.toMatch(/paid for|not tried/);
});

test('the message for an AI agent includes the hint and the request ID', () => {
	const { message } = runError(nodeOf(TOOL), 0, failed(), NOTHING);
	expect(message).toContain('Try another.');
	expect(message).toContain('ours');
});

test('the description has the hint and HiDream\'s details', () => {
	const facts = { httpStatus: 400, vendorCode: 1042, vendorMessage: 'no cats', requestId: 'theirs', taskId: 't-9' };
	const { description } = runError(nodeOf(), 0, failed(facts), NOTHING);
	for (const text of ['Try another.', '400', '1042', 'no cats', 'theirs', 't-9']) expect(description).toContain(text);
	expect(description).not.toContain('undefined');
});

test('without a response, the description names the request', () => {
	const { description } = runError(nodeOf(), 0, failed(), NOTHING);
	expect(description).toContain('ours');
	expect(description).not.toContain('undefined');
});

test('the description is HTML, so it escapes HiDream\'s text; the message does not', () => {
	const text = '<img src=x onerror="alert(1)"> & more';
	const errorInfo = failed({ httpStatus: 400, message: `It said ${text}`, hint: `Do ${text}`, vendorMessage: text });
	const { message, description } = runError(nodeOf(), 0, errorInfo, { ...NOTHING, acceptedTaskIds: ['<t>'] });
	expect(description).not.toMatch(/<img|onerror="|<t>/);
	expect(description).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; more');
	expect(description?.replace(/<br>/g, '')).not.toMatch(/[<>]/);
	expect(message).toContain(`It said ${text}`);
	expect(message).toContain('<t>');
});

test.each(['ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'ECONNREFUSED', 'EPERM', '401', '500'])('n8n does not replace a message that quotes %s', (code) => {
	for (const httpStatus of [undefined, 502]) {
		const error = runError(nodeOf(), 0, failed({ message: `It said ${code}`, httpStatus }), { ...NOTHING, acceptedTaskIds: ['t-1'] });
		expect(error.message).toContain(`It said ${code}`);
		expect(error.message).toContain('t-1');
	}
});

test('a cancelled run names the accepted tasks', () => {
	expect(cancelledError(nodeOf(), { acceptedTaskIds: ['t-1', 't-2'], unclearRequests: [{ requestId: 'r-3' }] }).message).toMatch(/cancelled.*t-1, t-2.*r-3/);
	expect(cancelledError(nodeOf(), NOTHING).message).toMatch(/cancelled/);
	expect(cancelledError(nodeOf(), NOTHING).message).not.toMatch(/paid/);
});
