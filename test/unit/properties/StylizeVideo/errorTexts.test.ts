/** Any text from HiDream in an error: shown as text, never as HTML. */
import fc from 'fast-check';
import { runError } from '../../../../nodes/StylizeVideo/errors';
import { failedItem } from '../../../../nodes/shared/output';
import type { FailedItem } from '../../../../nodes/shared/output';
import { nodeOf } from '../../support/executeFunctions';

const nasty = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({ unit: fc.constantFrom('<', '>', '&', '"', '=', ' ', 'b', 'r', '/', ';', 'ECONNRESET', '404') }),
	fc.constantFrom('</br><script>alert(1)</script>', '&lt;b&gt;', '"><img src=x onerror=alert(1)>', '<!--', '<br>'),
);

const failures = fc.record({
	message: nasty,
	hint: nasty,
	vendorMessage: fc.option(nasty, { nil: undefined }),
	requestId: fc.option(nasty, { nil: undefined }),
	taskId: fc.option(nasty, { nil: undefined }),
	httpStatus: fc.option(fc.integer({ min: 200, max: 599 }), { nil: undefined }),
	vendorCode: fc.option(fc.integer(), { nil: undefined }),
});

/** The text that a browser shows. */
const shown = (html: string): string =>
	html.replaceAll('<br>', '\n').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

test('a description has no tag, attribute or entity of HiDream; its text is unchanged', () => {
	const types = fc.constantFrom('n8n-nodes-hidream.stylizeVideo', 'n8n-nodes-hidream.stylizeVideoTool');
	fc.assert(
		fc.property(failures, fc.array(nasty, { maxLength: 3 }), types, (errorInfo, acceptedTaskIds, type) => {
			const failed: FailedItem = { status: 'refused', errorInfo, requestId: 'ours' };
			const error = runError(nodeOf(type), 3, failed, { acceptedTaskIds, unclearRequests: [], notTried: 1 });
			const html = error.description ?? '';
			expect(html.replaceAll('<br>', '')).not.toMatch(/[<>"]|&(?!(amp|lt|gt|quot);)/);
			for (const text of [errorInfo.hint, errorInfo.vendorMessage ?? '', errorInfo.taskId ?? '', ...acceptedTaskIds]) {
				expect(shown(html)).toContain(text);
			}
			expect(error.message).toContain(errorInfo.message);
			for (const taskId of acceptedTaskIds) expect(error.message).toContain(taskId);
		}),
		{ numRuns: 150 },
	);
});

test('a failed item has the three keys of the contract and no others', () => {
	fc.assert(
		fc.property(failures, (errorInfo) => {
			const { json } = failedItem(0, { status: 'uncertain', errorInfo });
			expect(Object.keys(json)).toEqual(['error', 'message', 'details']);
			expect(Object.keys(json['details'] as object)).toEqual(['status', 'scope', 'code', 'request_id', 'task_id']);
		}),
	);
});
