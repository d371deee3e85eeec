import { codeKey, isOk } from '../hidream/codes';
import { DEFAULT_BASE_URL, parseBaseUrl, type BaseUrl } from '../hidream/endpoints';
import { TASKS_PER_MINUTE } from '../hidream/limits';
import { codeOf } from '../hidream/response';
import { InvalidInput } from './input';
import { INPUT } from './messages/aboutInput';
import { booleanParameter, choiceParameter, countParameter, fieldNameParameter, numberParameter, textParameter, type Parameter } from './parameter';

/** Parameters of the credential, and those that node and trigger share. */

export const ACCOUNT_BASE_URL: Parameter<BaseUrl> = {
	property: {
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		default: DEFAULT_BASE_URL,
		required: true,
		hint: 'The site that issued your token or key. It must begin with https:// unless it is this machine.',
	},
	read: (value) => parseBaseUrl(typeof value === 'string' ? value : ''),
};

export const ACCOUNT_LEVEL = choiceParameter({
	displayName: 'Account Level',
	name: 'accountLevel',
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
});

export const ACCOUNT_PARALLEL_TASKS = countParameter({
	displayName: 'Parallel Tasks',
	name: 'parallelTasks',
	min: 0,
	default: 1,
	description: 'How many tasks HiDream runs for this account at the same time. Set to 0 for no limit.',
	displayOptions: { show: { accountLevel: ['custom'] } },
});

export const ACCOUNT_TASKS_PER_MINUTE = numberParameter({
	displayName: 'Tasks per Minute',
	name: 'tasksPerMinute',
	min: 0,
	default: TASKS_PER_MINUTE,
	description: 'How many tasks HiDream accepts from this account within a minute. Set to 0 for no limit.',
});

const CODES = textParameter({
	displayName: 'Retry Codes',
	name: 'retryCodes',
	placeholder: 'e.g. 2010, too_many_tasks',
	description: 'Comma-separated HiDream error codes to treat as temporary. Videos refused with one of them are retried.',
});

/** As `codeKey` gives them. The code of a success is no error code. */
export const ACCOUNT_RETRY_CODES: Parameter<ReadonlySet<string>> = {
	...CODES,
	read: (value, name = CODES.property.displayName) => {
		const words = CODES.read(value, name).split(/[\s,;，、；]+/).filter((word) => word !== '');
		return new Set(
			words.map((word) => {
				const code = /^[\w.-]{1,64}$/.test(word) ? codeOf(word) : undefined;
				if (code !== undefined && !isOk(code)) return codeKey(code);
				throw new InvalidInput(...INPUT.notACode(name, word));
			}),
		);
	},
};

export const DOWNLOAD_VIDEO = booleanParameter({
	displayName: 'Download Video',
	name: 'downloadVideo',
	description: 'Whether to download the finished video into a binary field of the item',
});

export const OUTPUT_FIELD = fieldNameParameter({
	displayName: 'Put Output File in Field',
	name: 'outputBinaryPropertyName',
	required: true,
	hint: 'The name of the output binary field to put the file in',
});

const MEGABYTES = numberParameter({
	displayName: 'Max Download Size (MB)',
	name: 'maxDownloadSize',
	min: 0,
	default: 0,
	description: 'Maximum size of a video to download. The item of a larger video has "download_error" instead of a file. Set to 0 for no limit.',
});

/** Read in bytes; as n8n counts them, a MB has 1,000,000. */
export const MAX_DOWNLOAD_SIZE: Parameter<number> = { ...MEGABYTES, read: (value) => MEGABYTES.read(value) * 1_000_000 };
