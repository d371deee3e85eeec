import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';
import type { Contract, NodeContract } from './contract';
import { parametersOf } from './parameters';
import { shapeFields, type Field, type Shape } from './shapes';

/** The part of package.json that the contract needs. */
interface Package {
	name: string;
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
}

/** A node type with one version, or with a description per version. */
type AnyNodeType =
	| { description: INodeTypeDescription }
	| { nodeVersions: Record<string, { description: INodeTypeDescription }> };

/** The class that a file exports under its own name. Reads the sources, since `dist` may be outdated. */
async function instanceOf<T>(root: string, built: string): Promise<T> {
	const source = join(root, built.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const module = (await import(source)) as Record<string, new () => T>;
	const [name = ''] = basename(source).split('.');
	const Type = module[name];
	if (!Type) throw new Error(`${source} does not export "${name}"`);
	return new Type();
}

/** The fields by operation, from the schemas that n8n shows and from those of failed items and reports. */
async function outputFields(root: string, nodeFolder: string, version: string): Promise<Record<string, Record<string, Field>>> {
	const padded = `v${[...version.split('.'), '0', '0'].slice(0, 3).join('.')}`;
	const folders = [join(root, nodeFolder, '__schema__', padded), join(root, 'contract', 'outputs', basename(nodeFolder), padded)];
	const fields: Record<string, Record<string, Field>> = {};
	for (const folder of folders.filter(existsSync)) {
		for (const file of (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json')).sort()) {
			const shape = JSON.parse(await readFile(join(folder, file), 'utf8')) as Shape;
			fields[file.replace(/\.json$/, '').replaceAll('\\', '/')] = shapeFields(shape);
		}
	}
	return fields;
}

/** The contract of a node, from its description. */
export const nodeContractOf = (description: INodeTypeDescription, fields: NodeContract['fields']): NodeContract => ({
	inputs: description.inputs,
	outputs: description.outputs,
	usableAsTool: Boolean(description.usableAsTool),
	credentials: (description.credentials ?? []).map(({ name, required }) => ({ name, required: required === true })),
	webhooks: (description.webhooks ?? []).map(({ name, httpMethod, path, restartWebhook }) => ({
		name,
		method: String(httpMethod),
		path,
		resumes: restartWebhook === true,
	})),
	parameters: parametersOf(description.properties),
	fields,
});

/** Every version of a node type, with its description. */
function versionsOf(type: AnyNodeType): Array<[string, INodeTypeDescription]> {
	if ('nodeVersions' in type) return Object.entries(type.nodeVersions).map(([version, { description }]) => [version, description]);
	return [type.description.version].flat().map((version) => [String(version), type.description]);
}

/**
 * The contract of the package in the folder, for the version in its package.json.
 * @param root the folder of package.json
 */
export async function readContract(root: string): Promise<Contract> {
	const { name, version, n8n } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Package;
	const contract: Contract = { package: name, version, nodes: {}, credentials: {} };
	for (const built of n8n.nodes) {
		const folder = dirname(built).replace(/^dist\//, '');
		for (const [typeVersion, description] of versionsOf(await instanceOf<AnyNodeType>(root, built))) {
			const fields = await outputFields(root, folder, typeVersion);
			(contract.nodes[description.name] ??= {})[typeVersion] = nodeContractOf(description, fields);
		}
	}
	for (const built of n8n.credentials) {
		const type = await instanceOf<ICredentialType>(root, built);
		contract.credentials[type.name] = parametersOf(type.properties);
	}
	return contract;
}
