import type { IExecuteFunctions } from 'n8n-workflow';

/** The parameters that say where a submit goes. */
export const TARGET = ['url', 'accessToken'] as const;

/** Where a submit goes, and who sends it. */
export function targetOf(node: IExecuteFunctions): { url: string; headers: Record<string, string> } {
	const text = (name: (typeof TARGET)[number]): string => node.getNodeParameter(name, 0) as string;
	return { url: text('url'), headers: { Authorization: `Bearer ${text('accessToken')}` } };
}
