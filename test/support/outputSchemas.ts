/** The schemas of outputs, found like n8n finds them, and a comparison with actual outputs. */
import type { INodeTypeDescription } from 'n8n-workflow';
import { resolveOutputSchemaPath } from 'n8n-core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../harness/packageTarball';
import { factsOfShape, factsOfValue, type Shape } from '../../scripts/contract/shapes';

const readShape = (path: string): Shape => JSON.parse(readFileSync(path, 'utf8')) as Shape;

/** The schema that n8n itself finds for an operation of a node; for a node without operations, that of its output. */
export function outputSchema(folder: string, { version }: INodeTypeDescription, operation?: string): Shape {
	const nodeDir = join(projectFolder, 'nodes', folder);
	if (Array.isArray(version)) throw new Error('Say which version');
	const path = resolveOutputSchemaPath({ nodeDir, version: String(version), resource: undefined, operation, versionFallback: operation === undefined });
	if (path === undefined) throw new Error(`n8n finds no schema of ${folder}, operation ${String(operation)}`);
	return readShape(path);
}

/** Outputs without a schema in n8n, since they are not results: they belong to the contract, too. */
export const otherShape = (name: 'failure'): Shape =>
	readShape(join(projectFolder, 'contract', 'outputs', 'StylizeVideo', 'v1.0.0', `${name}.json`));

/** Every field of the outputs is in the schema with its type and value, and each of those occurred at least once. */
export function expectShape(outputs: unknown[], shape: Shape): void {
	const given = new Set(outputs.flatMap((output) => factsOfValue(output, shape)));
	expect([...given].sort()).toEqual(factsOfShape(shape).sort());
}
