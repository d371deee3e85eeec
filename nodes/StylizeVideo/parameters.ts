import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { PROMPT_ONLY_STYLE, STYLES } from '../hidream/styles';

/** Which fields an operation shows; each operation passes its own name. */
const shownFor = (operations: string[], more: Record<string, Array<string | boolean>> = {}) => ({
	displayOptions: { show: { operation: operations, ...more } },
});

/** All styles and None, by name. (`localeCompare` takes longer than the rest of loading the node.) */
const STYLE_OPTIONS: INodePropertyOptions[] = [
	...STYLES.map(({ value, name }) => ({ value, name })),
	{ ...PROMPT_ONLY_STYLE, description: 'Describe the look in the prompt instead' },
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** The video, the style and the prompt: what every operation that submits asks for. */
export const videoParameters = (operations: string[]): INodeProperties[] => [
	{
		displayName: 'Input Type',
		name: 'inputType',
		type: 'options',
		default: 'url',
		description: 'How the video reaches HiDream',
		...shownFor(operations),
		options: [
			{
				name: 'Binary File',
				value: 'binary',
				description: 'Upload a video from the input item. It is streamed, so its size does not matter to n8n.',
			},
			{
				name: 'Link to Binary File',
				value: 'binaryLink',
				description: 'Let HiDream fetch the video from this n8n, through a signed link that expires',
			},
			{ name: 'URL', value: 'url', description: 'Let HiDream fetch the video from a public URL' },
		],
	},
	{
		displayName: 'Video URL',
		name: 'videoUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/video.mp4',
		description: 'Where HiDream fetches the video. It must be reachable from the public internet.',
		...shownFor(operations, { inputType: ['url'] }),
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the input field containing the video file to be processed',
		...shownFor(operations, { inputType: ['binary', 'binaryLink'] }),
	},
	{
		displayName:
			'HiDream fetches the video from this n8n, so n8n must have a public address (WEBHOOK_URL) and must keep binary files and successful executions until then',
		name: 'binaryLinkNotice',
		type: 'notice',
		default: '',
		...shownFor(operations, { inputType: ['binaryLink'] }),
	},
	{
		displayName: 'Style',
		name: 'style',
		type: 'options',
		default: 'anime',
		description: 'The look of the resulting video',
		...shownFor(operations),
		options: STYLE_OPTIONS,
	},
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		default: '',
		typeOptions: { rows: 3 },
		placeholder: 'e.g. soft morning light, pastel colors',
		description: 'Describes the look of the resulting video. Needed when Style is None, otherwise optional.',
		...shownFor(operations),
	},
];

/** What to do with the finished video: what every operation that gives out results asks for. */
export const resultParameters = (operations: string[]): INodeProperties[] => [
	{
		displayName: 'Download Video',
		name: 'downloadVideo',
		type: 'boolean',
		default: false,
		description: 'Whether to download the finished video into a binary field of the item',
		...shownFor(operations),
	},
	{
		displayName: 'Put Output File in Field',
		name: 'outputBinaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the output binary field to put the file in',
		...shownFor(operations, { downloadVideo: [true] }),
	},
];
