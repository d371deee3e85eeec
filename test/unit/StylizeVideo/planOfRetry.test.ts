/** An item that an earlier attempt may have submitted: it is found again, also if its check fails now. */
import { failAll, planAll } from '../../../nodes/StylizeVideo/plan';
import { Ledger } from '../../../nodes/submission/ledger';
import type { Entry } from '../../../nodes/submission/ledger';
import { tokenCredential } from '../support/credentials';
import { fakeExecuteFunctions } from '../support/executeFunctions';
import type { NodeSetup } from '../support/executeFunctions';

const STYLE_OPTIONS = { style: 'cartoon', prompt: 'as it was' } as const;
const ACCEPTED: Entry = { state: 'accepted', requestId: 'req-1', taskId: 'task-1', subTaskIds: [], styleOptions: STYLE_OPTIONS };
const UNCERTAIN: Entry = { state: 'uncertain', requestId: 'req-1', reason: { code: 'brokeAfter', cause: 'idle' } };
const SENDING: Entry = { state: 'sending', requestId: 'req-1' };
const REFUSED: Entry = { state: 'refused', requestId: 'req-1' };

const signed = (secondsLeft: number) =>
	`https://b.s3.amazonaws.com/x.mp4?AWSAccessKeyId=A&Signature=s&Expires=${Math.round(Date.now() / 1_000) + secondsLeft}`;

/** The item's plan in a first attempt, and in a second one for which `entry` is in the ledger. */
async function twoTries(entry: Entry, first: NodeSetup, second: NodeSetup) {
	const kept = {};
	const scope = first.type ? undefined : { runIndex: 0 };
	const planNow = async (setup: NodeSetup) =>
		(await planAll(fakeExecuteFunctions(setup), new Ledger(kept, scope), { readMore: () => undefined }))[0];
	const before = await planNow(first);
	if (!before || 'errorInfo' in before) throw new Error(`The first attempt failed: ${before?.errorInfo.message}`);
	new Ledger(kept, scope).write(before.submission.key, entry);
	const after = await planNow(second);
	if (!after) throw new Error('There is no plan');
	return { before, after };
}

const url = (videoUrl: unknown): NodeSetup => ({ parameters: { videoUrl: videoUrl as string } });
/** A field with an expression whose value differs between the attempts. */
function typed(setup: NodeSetup): NodeSetup {
	return { ...setup, typed: { videoUrl: '={{ $json.url }}', style: '={{ $json.style }}' } };
}

test('an accepted item needs no video: its URL may have expired, or be rejected now', async () => {
	for (const now of [signed(-3600), 'https://youtu.be/abc', '', null]) {
		const { after } = await twoTries(ACCEPTED, typed(url(signed(3600))), typed(url(now)));
		expect(after).toMatchObject({ submission: { styleOptions: STYLE_OPTIONS } });
	}
});

test('an accepted item needs no style', async () => {
	const { after } = await twoTries(ACCEPTED, typed({}), typed({ parameters: { style: 'oil' } }));
	expect(after).toMatchObject({ submission: { styleOptions: STYLE_OPTIONS } });
});

test('an accepted item has a task, even if its status cannot be requested', async () => {
	const { after } = await twoTries(ACCEPTED, typed({}), typed({ credential: tokenCredential({ accessToken: '' }) }));
	expect(after).toMatchObject({ status: 'query_failed', requestId: 'req-1', errorInfo: { taskId: 'task-1', hint: expect.stringContaining('task-1') as string } });
});

test.each([['uncertain', UNCERTAIN, /no response in time.*expired/], ['interrupted', SENDING, /interrupted.*expired/]] as const)(
	'an item that is %s keeps this status and its request ID',
	async (_, entry, what) => {
		const { after } = await twoTries(entry, typed(url(signed(3600))), typed(url(signed(-3600))));
		expect(after).toMatchObject({ status: 'uncertain', requestId: 'req-1', errorInfo: { message: expect.stringMatching(what) as string } });
	},
);

test('an item that was refused is invalid', async () => {
	const { after } = await twoTries(REFUSED, typed(url(signed(3600))), typed(url(signed(-3600))));
	expect(after).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining('expired') as string } });
});

test('reports a problem of the whole run for each item with the status of its earlier attempt', async () => {
	const context = fakeExecuteFunctions({ parameters: [{}, {}, {}] });
	const ledger = new Ledger({}, { runIndex: 0 });
	const plans = await planAll(context, ledger, { readMore: () => undefined });
	for (const [i, entry] of [ACCEPTED, SENDING].entries()) {
		const plan = plans[i];
		if (plan && 'submission' in plan) ledger.write(plan.submission.key, entry);
	}
	const failed = failAll(context, ledger, { status: 'invalid', errorInfo: { message: 'Wrong "Wait For"', hint: 'Correct it.' } });
	expect(failed.map(({ status }) => status)).toEqual(['query_failed', 'uncertain', 'invalid']);
});

describe('AI tool calls, identified by their content', () => {
	const type = 'n8n-nodes-hidream.stylizeVideoTool';

	afterEach(() => void jest.restoreAllMocks());

	test('a style matches by its value or its name; another style is another submission', async () => {
		async function keyOf(style: string): Promise<string> {
			const context = fakeExecuteFunctions({ type, parameters: { style } });
			const [plan] = await planAll(context, new Ledger({}, undefined), { readMore: () => undefined });
			if (!plan || 'errorInfo' in plan) throw new Error('The item was refused');
			return plan.submission.key;
		}
		expect(await keyOf('Ink Wash')).toBe(await keyOf('ink_wash'));
		expect(await keyOf('Ink Wash')).not.toBe(await keyOf('anime'));
	});

	test.each([['accepted', ACCEPTED, undefined], ['uncertain', UNCERTAIN, 'uncertain'], ['refused', REFUSED, 'invalid']] as const)(
		'the same URL, now expired: the item is %s',
		async (_, entry, status) => {
			const same: NodeSetup = { type, ...url(signed(3600)) };
			const kept = {};
			const planNow = async () => (await planAll(fakeExecuteFunctions(same), new Ledger(kept, undefined), { readMore: () => undefined }))[0];
			const before = await planNow();
			if (!before || 'errorInfo' in before) throw new Error('The first call failed');
			new Ledger(kept, undefined).write(before.submission.key, entry);
			jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 7_200_000);
			const after = await planNow();
			if (status === undefined) expect(after).toHaveProperty('submission.key', before.submission.key);
			else expect(after).toHaveProperty('status', status);
		},
	);
});
