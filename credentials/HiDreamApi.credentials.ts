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
import { NO_TASK, resultUrl } from '../nodes/hidream/endpoints';
import { ACCOUNT_BASE_URL, ACCOUNT_LEVEL, ACCOUNT_PARALLEL_TASKS, ACCOUNT_RETRY_CODES, ACCOUNT_TASKS_PER_MINUTE } from '../nodes/shared/sharedParameters';
import { bearerToken } from '../nodes/shared/credential';
import { CREDENTIAL_TEST } from '../nodes/shared/messages/aboutResponses';
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
		...[ACCOUNT_BASE_URL, ACCOUNT_LEVEL, ACCOUNT_PARALLEL_TASKS, ACCOUNT_TASKS_PER_MINUTE, ACCOUNT_RETRY_CODES].map(({ property }) => property),
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
	 * Sets the Bearer header. A stored session that belongs to an earlier key or base URL, or has expired, is
	 * reported to n8n as a 401: n8n then exchanges again, and the old account is not billed.
	 */
	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		const token = bearerToken(credentials, Date.now());
		if (token === undefined) {
			throw Object.assign(new UserError('The HiDream session token must be renewed'), { response: { status: 401 } });
		}
		return { ...requestOptions, headers: { ...requestOptions.headers, Authorization: `Bearer ${token}` } };
	}

	/** The second step of the test, after `preAuthentication`. n8n only compares fields here. */
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
			// n8n accepts rules of both kinds in one list; its type allows only one kind.
		] as ICredentialTestRequest['rules'],
	};
}
