import { UserError } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { DEFAULT_BASE_URL, NO_TASK, resultUrl } from '../nodes/hidream/endpoints';
import { TASKS_PER_MINUTE } from '../nodes/hidream/limits';
import { bearerToken } from '../nodes/shared/credential';
import { CREDENTIAL_TEST } from '../nodes/shared/messages';
import { openSession } from '../nodes/shared/session';

export class HiDreamApi implements ICredentialType {
	name = 'hiDreamApi';

	displayName = 'HiDream API';

	icon: Icon = { light: 'file:../icons/hidream.svg', dark: 'file:../icons/hidream.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-hidream/n8n-nodes-hidream#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			default: 'accessToken',
			options: [
				{ name: 'Access Token', value: 'accessToken' },
				{ name: 'API Key', value: 'apiKey' },
			],
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. sk-…',
			hint: 'Create it on the token page of your account on <a href="https://www.hidreamai.com" target="_blank">hidreamai.com</a>. A token works only on the site that issued it.',
			displayOptions: { show: { authentication: ['accessToken'] } },
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'Copy it from your account page on <a href="https://www.hidreamai.com" target="_blank">hidreamai.com</a>. The node exchanges it for a token and renews the token.',
			displayOptions: { show: { authentication: ['apiKey'] } },
		},
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			required: true,
			hint: 'The site that issued your token or key. It must begin with https:// unless it is this machine.',
		},
		{
			displayName: 'Account Level',
			name: 'accountLevel',
			type: 'options',
			default: 'free',
			hint: 'How many tasks HiDream runs for this account at the same time',
			options: [
				{ name: 'Custom', value: 'custom' },
				{ name: 'Free (1 Parallel Task)', value: 'free' },
				{ name: 'Level 1 (3 Parallel Tasks)', value: 'level1' },
				{ name: 'Level 2 (5 Parallel Tasks)', value: 'level2' },
				{ name: 'Level 3 (7 Parallel Tasks)', value: 'level3' },
				{ name: 'Level 4 (10 Parallel Tasks)', value: 'level4' },
			],
		},
		{
			displayName: 'Parallel Tasks',
			name: 'parallelTasks',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 1,
			description: 'How many tasks HiDream runs for this account at the same time. Set to 0 for no limit.',
			displayOptions: { show: { accountLevel: ['custom'] } },
		},
		{
			displayName: 'Tasks per Minute',
			name: 'tasksPerMinute',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: TASKS_PER_MINUTE,
			description: 'How many tasks HiDream accepts from this account within a minute. Set to 0 for no limit.',
		},
		{
			displayName: 'Retry Codes',
			name: 'retryCodes',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2010, too_many_tasks',
			description: 'Comma-separated HiDream error codes to treat as temporary. Videos rejected with one of them are retried.',
		},
	];

	/**
	 * Exchanges an API key for a session token, which n8n stores, or checks an access token. n8n calls it before the first
	 * request, after a 401, and on every test of the credential, whichever way it authenticates.
	 */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const sessionToken = await openSession(this.helpers, credentials);
		return sessionToken === undefined ? {} : { sessionToken };
	}

	/**
	 * Sets the Bearer header. A stored session that belongs to an earlier key or base URL, or has run out, is
	 * reported to n8n as a 401: n8n then exchanges again, and the old account is not billed.
	 */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const token = bearerToken(credentials, Date.now());
		if (token === undefined) {
			throw Object.assign(new UserError('The HiDream session token must be renewed'), { response: { status: 401 } });
		}
		return { ...requestOptions, headers: { ...requestOptions.headers, Authorization: `Bearer ${token}` } };
	}

	/** The second step of the test, after `preAuthentication` has told what it can: n8n compares fields here and reads no body. */
	test: ICredentialTestRequest = {
		request: {
			method: 'GET',
			baseURL: '={{ $credentials.baseUrl.trim().replace(/\\/+$/, "") }}',
			url: resultUrl(''),
			qs: { task_id: NO_TASK },
			ignoreHttpStatusErrors: { ignore: true, except: [401, 403] },
			disableFollowRedirect: true,
		},
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: CREDENTIAL_TEST.badToken } },
			{ type: 'responseCode', properties: { value: 403, message: CREDENTIAL_TEST.forbidden } },
			{ type: 'responseSuccessBody', properties: { key: 'code', value: 401, message: CREDENTIAL_TEST.badToken } },
			{ type: 'responseSuccessBody', properties: { key: 'code', value: 403, message: CREDENTIAL_TEST.forbidden } },
			{ type: 'responseSuccessBody', properties: { key: 'code', value: undefined, message: CREDENTIAL_TEST.notHiDream } },
			// n8n takes rules of both kinds in one list; its type knows lists of one kind only.
		] as ICredentialTestRequest['rules'],
	};
}
