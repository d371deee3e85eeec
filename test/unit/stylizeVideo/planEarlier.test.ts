/** What a check that fails now says of an item that an earlier try may have paid for: never that there is no task. */
import { Ledger } from '../../../nodes/batch/ledger';
import type { Entry } from '../../../nodes/batch/ledger';
import { failAll, planAll } from '../../../nodes/StylizeVideo/plan';
import { tokenCredential } from '../support/credentials';
import { play } from '../support/nodeScene';
import type { Scene } from '../support/nodeScene';

const LOOK = { style: 'cartoon', prompt: 'as it was' } as const;
const ACCEPTED: Entry = { state: 'accepted', requestId: 'req-1', taskId: 'task-1', subTaskIds: [], look: LOOK };
const UNCERTAIN: Entry = { state: 'uncertain', requestId: 'req-1', problem: { what: 'No response came', advice: 'Look first.' } };
const SENDING: Entry = { state: 'sending', requestId: 'req-1' };
const REFUSED: Entry = { state: 'refused', requestId: 'req-1' };

const signed = (secondsLeft: number) =>
	`https://b.s3.amazonaws.com/x.mp4?AWSAccessKeyId=A&Signature=s&Expires=${Math.round(Date.now() / 1_000) + secondsLeft}`;

/** The one item's plan on a first try, and on a second one for which `entry` is in the ledger. */
async function twoTries(entry: Entry, first: Scene, second: Scene) {
	const kept = {};
	const scope = first.type ? undefined : { runIndex: 0 };
	const planNow = async (scene: Scene) =>
		(await planAll(play(scene).context, new Ledger(kept, scope), { readMore: () => undefined }))[0];
	const before = await planNow(first);
	if (!before || 'problem' in before) throw new Error(`The first try failed: ${before?.problem.what}`);
	new Ledger(kept, scope).write(before.submission.key, entry);
	const after = await planNow(second);
	if (!after) throw new Error('There is no plan');
	return { before, after };
}

const url = (videoUrl: unknown): Scene => ({ parameters: { videoUrl: videoUrl as string } });
/** A field that holds an expression, whose value differs between the tries. */
function typed(scene: Scene): Scene {
	return { ...scene, typed: { videoUrl: '={{ $json.url }}', style: '={{ $json.style }}' } };
}

test('an accepted item needs no video: it has expired, or the gate refuses it now', async () => {
	for (const now of [signed(-3600), 'https://youtu.be/abc', '', null]) {
		const { after } = await twoTries(ACCEPTED, typed(url(signed(3600))), typed(url(now)));
		expect(after).toMatchObject({ submission: { look: LOOK } });
	}
});

test('nor does it need its style', async () => {
	const { after } = await twoTries(ACCEPTED, typed({}), typed({ parameters: { style: 'oil' } }));
	expect(after).toMatchObject({ submission: { look: LOOK } });
});

test('an accepted item that cannot be asked about has a task', async () => {
	const { after } = await twoTries(ACCEPTED, typed({}), typed({ credential: tokenCredential({ accessToken: '' }) }));
	expect(after).toMatchObject({ status: 'query_failed', requestId: 'req-1', problem: { taskId: 'task-1', advice: expect.stringContaining('task-1') as string } });
});

test.each([['uncertain', UNCERTAIN, /No response came.*expired/], ['interrupted', SENDING, /interrupted.*expired/]] as const)(
	'an item that is %s stays so, with its request ID',
	async (_, entry, what) => {
		const { after } = await twoTries(entry, typed(url(signed(3600))), typed(url(signed(-3600))));
		expect(after).toMatchObject({ status: 'uncertain', requestId: 'req-1', problem: { what: expect.stringMatching(what) as string } });
	},
);

test('a refused item is invalid', async () => {
	const { after } = await twoTries(REFUSED, typed(url(signed(3600))), typed(url(signed(-3600))));
	expect(after).toMatchObject({ status: 'invalid', problem: { what: expect.stringContaining('expired') as string } });
});

test('a problem of the whole run is told of each item as its earlier attempt has it', async () => {
	const { context } = play({ parameters: [{}, {}, {}] });
	const ledger = new Ledger({}, { runIndex: 0 });
	const plans = await planAll(context, ledger, { readMore: () => undefined });
	for (const [i, entry] of [ACCEPTED, SENDING].entries()) {
		const plan = plans[i];
		if (plan && 'submission' in plan) ledger.write(plan.submission.key, entry);
	}
	const failed = failAll(context, ledger, { status: 'invalid', problem: { what: 'Wrong "Wait For"', advice: 'Correct it.' } });
	expect(failed.map(({ status }) => status)).toEqual(['query_failed', 'uncertain', 'invalid']);
});

describe('for an AI tool, whose calls are told apart by their content', () => {
	const type = 'n8n-nodes-hidream.stylizeVideoTool';

	afterEach(() => void jest.restoreAllMocks());

	test.each([['accepted', ACCEPTED, undefined], ['uncertain', UNCERTAIN, 'uncertain'], ['refused', REFUSED, 'invalid']] as const)(
		'the same URL, expired meanwhile: an %s one',
		async (_, entry, status) => {
			const same: Scene = { type, ...url(signed(3600)) };
			const kept = {};
			const planNow = async () => (await planAll(play(same).context, new Ledger(kept, undefined), { readMore: () => undefined }))[0];
			const before = await planNow();
			if (!before || 'problem' in before) throw new Error('The first call failed');
			new Ledger(kept, undefined).write(before.submission.key, entry);
			jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 7_200_000);
			const after = await planNow();
			if (status === undefined) expect(after).toHaveProperty('submission.key', before.submission.key);
			else expect(after).toHaveProperty('status', status);
		},
	);
});

test('a signed URL is looked at again when the turn of the item comes', async () => {
	const [plan] = await planAll(play(url(signed(60))).context, new Ledger({}, { runIndex: 0 }), { readMore: () => undefined });
	if (!plan || 'problem' in plan) throw new Error('There is no plan');
	expect(plan.submission.recheck?.()).toBeUndefined();
	const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
	const problem = plan.submission.recheck?.();
	now.mockRestore();
	expect(problem).toEqual({ what: expect.stringMatching(/^"Video URL" is a signed URL that expired at \d{4}-/) as string, advice: expect.stringContaining('Binary File') as string });
});
