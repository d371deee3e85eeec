import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { choiceParameter, rawParameter, requiredChoiceParameter, textParameter } from '../shared/parameter';
import { DOWNLOAD_VIDEO, OUTPUT_FIELD } from '../shared/sharedParameters';
import { PROMPT, STYLE } from './styleParameters';

export type Operation = 'check' | 'getResult' | 'submit' | 'submitAndWait';

/** An expression that gives nothing must not submit anything. */
export const OPERATION = requiredChoiceParameter<Operation>({
	displayName: 'Operation',
	name: 'operation',
	noDataExpression: true,
	default: 'submit',
	options: [
		{
			name: 'Check',
			value: 'check',
			action: 'Check videos without submitting them',
			description: 'Validate all items and estimate tasks and time. Nothing is submitted and nothing is paid.',
		},
		{
			name: 'Get Result',
			value: 'getResult',
			action: 'Get the result of a task',
			description: 'Get the current status and video URL of a task',
		},
		{
			name: 'Submit',
			value: 'submit',
			action: 'Submit a video',
			description: 'Start a task for each video and return its task ID without waiting for the result',
		},
		{
			name: 'Submit and Wait',
			value: 'submitAndWait',
			action: 'Submit a video and wait for the result',
			description: 'Start a task for each video, wait, and return the finished video',
		},
	],
});

export const INPUT_TYPE = choiceParameter({
	displayName: 'Input Type',
	name: 'inputType',
	default: 'url',
	description: 'How the video reaches HiDream',
	options: [
		{ name: 'Binary File', value: 'binary', description: 'Upload a video from the input item. Files of any size work if n8n keeps binary files in a folder or in S3.' },
		{ name: 'Link to Binary File', value: 'binaryLink', description: 'Let HiDream fetch the video from this n8n through a signed link that expires' },
		{ name: 'URL', value: 'url', description: 'Let HiDream fetch the video from a public URL' },
	],
});

export const VIDEO_URL = rawParameter({
	displayName: 'Video URL',
	name: 'videoUrl',
	required: true,
	placeholder: 'e.g. https://example.com/video.mp4',
	description: 'URL of the video file. HiDream must be able to reach it from the public internet.',
});

/** A name, a path or the binary object itself: see `binaryInput.ts`. */
export const BINARY_FIELD = rawParameter({
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	default: 'data',
	required: true,
	hint: 'The name of the input field containing the video file to be processed',
});

export const WAIT_BY = choiceParameter({
	displayName: 'Wait By',
	name: 'waitFor',
	default: 'polling',
	description: 'How the node learns that a task has ended',
	options: [
		{ name: 'Polling', value: 'polling', description: 'Check the status at regular intervals. The execution keeps running.' },
		{ name: 'Callback', value: 'callback', description: 'Suspend the execution until HiDream calls this n8n' },
	],
});

export const TASK_ID = textParameter({
	displayName: 'Task ID',
	name: 'taskId',
	default: '={{ $json.task_id }}',
	required: true,
	description: 'The task_id that Submit returned',
});

/** Shows a property only where other parameters have these values. */
export const shownIf = (property: INodeProperties, show: NonNullable<IDisplayOptions['show']>): INodeProperties => ({
	...property,
	displayOptions: { show },
});

const notice = (name: string, displayName: string): INodeProperties => ({ displayName, name, type: 'notice', default: '' });

/** The video, the style and the prompt. */
export const VIDEO_PARAMETERS: INodeProperties[] = [
	INPUT_TYPE.property,
	shownIf(VIDEO_URL.property, { inputType: ['url'] }),
	shownIf(BINARY_FIELD.property, { inputType: ['binary', 'binaryLink'] }),
	shownIf(
		notice(
			'binaryLinkNotice',
			'HiDream fetches the video from this n8n. n8n needs a public address (WEBHOOK_URL) and must keep binary files and successful executions until then.',
		),
		{ inputType: ['binaryLink'] },
	),
	STYLE.property,
	PROMPT.property,
];

export const WAIT_PARAMETERS: INodeProperties[] = [
	WAIT_BY.property,
	shownIf(
		notice(
			'callbackNotice',
			'HiDream must have whitelisted your account for callbacks, and n8n needs a public address (WEBHOOK_URL). Otherwise the execution waits until Max Wait.',
		),
		{ waitFor: ['callback'] },
	),
];

/** What to do with the finished video. */
export const RESULT_PARAMETERS: INodeProperties[] = [DOWNLOAD_VIDEO.property, shownIf(OUTPUT_FIELD.property, { downloadVideo: [true] })];
