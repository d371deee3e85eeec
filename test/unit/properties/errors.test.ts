/** Whatever the vendor says, the description of an error shows it as text. */
import fc from 'fast-check';
import { runError } from '../../../nodes/StylizeVideo/errors';
import { failedItem } from '../../../nodes/StylizeVideo/output';
import type { Failed } from '../../../nodes/StylizeVideo/output';
import { nodeOf } from '../support/nodeScene';

const nasty = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({ unit: fc.constantFrom('<', '>', '&', '"', '=', ' ', 'b', 'r', '/', ';', 'ECONNRESET', '404') }),
	fc.constantFrom('</br><script>alert(1)</script>', '&lt;b&gt;', '"><img src=x onerror=alert(1)>', '<!--', '<br>'),
);

const failures = fc.record({
	what: nasty,
	advice: nasty,
	vendorMessage: fc.option(nasty, { nil: undefined }),
	requestId: fc.option(nasty, { nil: undefined }),
	taskId: fc.option(nasty, { nil: undefined }),
	httpStatus: fc.option(fc.integer({ min: 200, max: 599 }), { nil: undefined }),
	code: fc.option(fc.integer(), { nil: undefined }),
});

/** Text as a browser shows it. */
const shown = (html: string): string =>
	html.replaceAll('<br>', '\n').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

test('no tag, no attribute and no entity of the vendor stands in a description; its text does, unchanged', () => {
	const types = fc.constantFrom('n8n-nodes-hidream.stylizeVideo', 'n8n-nodes-hidream.stylizeVideoTool');
	fc.assert(
		fc.property(failures, fc.array(nasty, { maxLength: 3 }), types, (problem, acceptedTaskIds, type) => {
			const failed: Failed = { status: 'refused', problem, requestId: 'ours' };
			const error = runError(nodeOf(type), 3, failed, { acceptedTaskIds, notTried: 1 });
			const html = error.description ?? '';
			expect(html.replaceAll('<br>', '')).not.toMatch(/[<>"]|&(?!(amp|lt|gt|quot);)/);
			for (const text of [problem.advice, problem.vendorMessage ?? '', problem.taskId ?? '', ...acceptedTaskIds]) {
				expect(shown(html)).toContain(text);
			}
			expect(error.message).toContain(problem.what);
			for (const taskId of acceptedTaskIds) expect(error.message).toContain(taskId);
		}),
		{ numRuns: 500 },
	);
});

test('a failed item has the three keys of the contract and nothing else', () => {
	fc.assert(
		fc.property(failures, (problem) => {
			const { json } = failedItem(0, { status: 'uncertain', problem });
			expect(Object.keys(json)).toEqual(['error', 'message', 'details']);
			expect(Object.keys(json['details'] as object)).toEqual(['status', 'code', 'request_id', 'task_id']);
		}),
	);
});
