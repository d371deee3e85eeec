/** What a user does with an example, and what a user sees of it. */
import type { INodeExecutionData } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { StoredWorkflow } from '../../../harness/n8n/workflow';
import { projectFolder } from '../../../harness/packageTarball';
import type { Value } from '../../../scripts/demo/examples';
import { example } from '../../../scripts/demo/examples';
import type { N8nContext } from '../../support/n8n';

/** The video that the stand-in gives back for every task. */
export const stylized = async (): Promise<Buffer> => await readFile(join(projectFolder, 'sandbox', 'media', 'stylized.mp4'));

/** A video to be restyled. */
export const sample = join(projectFolder, 'sandbox', 'media', 'sample.mp4');

/** Imports an example, chooses the credential and puts values into its "Edit Fields" node: all that its note asks for. */
export async function imported(on: N8nContext, file: string, values: Record<string, Value>, tasksPerMinute = 0): Promise<StoredWorkflow> {
	const credential = await on.n8n.credential(on.sandbox, { tasksPerMinute });
	return await on.n8n.instance.importWorkflow(await example(file, values), [credential]);
}

/** The bytes that the user gets when downloading the item's binary field `data` in the editor. */
export async function downloaded(on: N8nContext, item: INodeExecutionData | undefined): Promise<Buffer> {
	const id = encodeURIComponent(item?.binary?.['data']?.id ?? 'none');
	return await on.n8n.instance.rest.download(`/binary-data?id=${id}&action=download`);
}
