/** A later attempt of a run: an item that has a task, or may have one, never comes out as if it had none. */
import type { IDataObject } from 'n8n-workflow';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import type { Credential } from '../../../nodes/hidream/signedRequest';
import { tokenCredential } from '../support/credentials';
import { clientError, scriptedRequests } from '../support/httpCaller';
import type { Reply } from '../support/httpCaller';
import { play } from '../support/nodeScene';

const task = (id: string): Reply => ({ statusCode: 200, body: `{"code":0,"result":{"task_id":"${id}"}}` });
const refusal: Reply = { statusCode: 400, body: '{"code":1042}' };
const noCredits: Reply = { statusCode: 200, body: '{"code":2007}' };

/** Runs the node once and gives the JSON of its items. */
async function attempt(kept: IDataObject, parameters: IDataObject[], ...replies: Reply[]) {
	return await attemptWith(tokenCredential(), kept, parameters, ...replies);
}

async function attemptWith(credential: Credential, kept: IDataObject, parameters: IDataObject[], ...replies: Reply[]) {
	const { seen, httpRequestWithAuthentication } = scriptedRequests(...replies);
	const { context } = play({ credential, parameters, kept, continueOnFail: true, helpers: { httpRequestWithAuthentication } });
	const [items = []] = await new StylizeVideo().execute.call(context);
	return { seen, json: items.map(({ json }) => json) };
}

const detailsOf = (json: IDataObject | undefined) => json?.['details'] as IDataObject | undefined;

test('an uncertain item whose turn does not come before the run ends stays uncertain', async () => {
	const kept = {};
	const first = await attempt(kept, [{}, {}], refusal, clientError('ECONNRESET'));
	const resubmit = { options: { whenUncertain: 'resubmit' } };
	const second = await attempt(kept, [resubmit, resubmit], noCredits);
	expect(second.seen).toHaveLength(1);
	expect(detailsOf(second.json[1])).toEqual(detailsOf(first.json[1]));
	expect(detailsOf(second.json[1])).toHaveProperty('status', 'uncertain');
});

test('an uncertain item that a limit holds back stays uncertain', async () => {
	const kept = {};
	// An account of its own: the limit holds back all of it.
	const limited = tokenCredential({ accessToken: 'sk-limited' });
	await attemptWith(limited, kept, [{}], clientError('ECONNRESET'));
	const options = { whenUncertain: 'resubmit', whenLimitReached: 'return' };
	const busy = await attemptWith(limited, {}, [{ options }], { statusCode: 429, headers: { 'retry-after': '60' } });
	expect(busy.json[0]).toHaveProperty('status', 'not_submitted');
	const second = await attemptWith(limited, kept, [{ options }]);
	expect(detailsOf(second.json[0])).toHaveProperty('status', 'uncertain');
});

test.each([
	['accepted', task('t-1'), { status: 'submitted', task_id: 't-1' }],
	['uncertain', clientError('ECONNRESET'), { details: { status: 'uncertain' } }],
] as const)('an item that is %s stays so when its video is gone', async (_, reply, expected) => {
	const kept = {};
	await attempt(kept, [{}, {}], refusal, reply);
	const second = await attempt(kept, [{}, { videoUrl: '' }], task('t-0'));
	expect(second.json).toMatchObject([{ task_id: 't-0' }, expected]);
});

test('a refused item whose video is gone is invalid', async () => {
	const kept = {};
	await attempt(kept, [{}, {}], task('t-0'), refusal);
	const second = await attempt(kept, [{}, { videoUrl: '' }]);
	expect(detailsOf(second.json[1])).toHaveProperty('status', 'invalid');
});
