import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { Value } from '../../scripts/demo/examples';
import { example } from '../../scripts/demo/examples';
import type { N8nContext } from './n8n';

/** Imports an example, selects the credential and sets values in its "Edit Fields" node, as its note describes. */
export async function importExample(on: N8nContext, file: string, values: Record<string, Value>): Promise<StoredWorkflow> {
	return await on.n8n.instance.importWorkflow(await example(file, values), [await on.n8n.credential(on.sandbox)]);
}
