import type { IExecuteFunctions } from 'n8n-workflow';

/** Parameters of the submit endpoint. */
export const TARGET = ['url', 'accessToken'] as const;

/** The submit endpoint and the token. */
export function targetOf(node: IExecuteFunctions): { url: string; headers: Record<string, string> } {
	const text = (name: (typeof TARGET)[number]): string => node.getNodeParameter(name, 0) as string;
	return { url: text('url'), headers: { Authorization: `Bearer ${text('accessToken')}` } };
}
