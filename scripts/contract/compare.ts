import { isDeepStrictEqual } from 'node:util';
import { compareFields } from './compareFields';
import { compareParameters } from './compareParameters';
import type { Contract, ContractFinding, NodeContract } from './contract';

const NEW_VERSION = 'Or make the change in a new typeVersion, and keep this one for saved nodes.';
const NEW_CREDENTIAL = 'Credentials have no versions: an incompatible change needs a new credential type beside the old one.';

const broken = (what: string, advice: string): ContractFinding => ({ breaking: true, what, advice });
const fresh = (what: string): ContractFinding => ({ breaking: false, what, advice: '' });

/** Connections identify inputs and outputs by their number, so new outputs may only be added at the end. */
function compareConnections(where: string, then: NodeContract, now: NodeContract): ContractFinding[] {
	const outputs = Array.isArray(then.outputs) && Array.isArray(now.outputs) ? now.outputs.slice(0, then.outputs.length) : now.outputs;
	const findings: ContractFinding[] = [];
	const why = 'Connections of saved workflows are lost or lead to another input or output.';
	if (!isDeepStrictEqual(then.inputs, now.inputs)) findings.push(broken(`${where}: its inputs have changed`, why));
	if (!isDeepStrictEqual(then.outputs, outputs)) findings.push(broken(`${where}: its outputs have changed`, why));
	if (then.usableAsTool && !now.usableAsTool) findings.push(broken(`${where}: it is no longer a tool`, 'AI agents in saved workflows lose it.'));
	return findings;
}

function compareWebhooks(where: string, then: NodeContract, now: NodeContract): ContractFinding[] {
	const same = (hook: NodeContract['webhooks'][number]) => now.webhooks.some((other) => isDeepStrictEqual(hook, other));
	const why = 'Other services call the old URL, also for suspended executions.';
	return then.webhooks.filter((hook) => !same(hook)).map(({ name, path }) => broken(`${where}: the webhook "${name}" with the path "${path}" was changed or removed`, why));
}

function compareCredentialNeeds(where: string, then: NodeContract, now: NodeContract): ContractFinding[] {
	const had = (name: string) => then.credentials.find((credential) => credential.name === name);
	const gone = then.credentials.filter(({ name }) => !now.credentials.some((credential) => credential.name === name));
	const newlyRequired = now.credentials.filter(({ name, required }) => required && had(name)?.required !== true);
	return [
		...gone.map(({ name }) => broken(`${where}: it no longer accepts the credential "${name}"`, 'Saved nodes use it. Keep it.')),
		...newlyRequired.map(({ name }) => broken(`${where}: the credential "${name}" is now required`, 'Saved nodes have none. Make it optional.')),
	];
}

function compareNode(where: string, then: NodeContract, now: NodeContract, typeVersion: number): ContractFinding[] {
	const findings = [
		...compareConnections(where, then, now),
		...compareWebhooks(where, then, now),
		...compareCredentialNeeds(where, then, now),
		...compareParameters(where, then.parameters, now.parameters, typeVersion),
		...compareFields(where, then.fields, now.fields),
	];
	return findings.map((finding) => (finding.breaking ? { ...finding, advice: `${finding.advice} ${NEW_VERSION}` } : finding));
}

function compareNodes(before: Contract, after: Contract): ContractFinding[] {
	const findings: ContractFinding[] = [];
	for (const [name, versions] of Object.entries(before.nodes)) {
		for (const [version, then] of Object.entries(versions)) {
			const where = `${name} (version ${version})`;
			const now = after.nodes[name]?.[version];
			if (now) findings.push(...compareNode(where, then, now, Number(version)));
			else findings.push(broken(`${where} was removed`, 'Saved nodes of it cannot be opened or run. Keep it with its name.'));
		}
	}
	for (const [name, versions] of Object.entries(after.nodes)) {
		const added = Object.keys(versions).filter((version) => !before.nodes[name]?.[version]);
		findings.push(...added.map((version) => fresh(`${name} (version ${version}) is new`)));
	}
	return findings;
}

function compareCredentials(before: Contract, after: Contract): ContractFinding[] {
	const findings: ContractFinding[] = [];
	for (const [name, then] of Object.entries(before.credentials)) {
		const now = after.credentials[name];
		const found = now ? compareParameters(`credential ${name}`, then, now) : [broken(`credential ${name} was removed`, 'Saved credentials of it are lost.')];
		findings.push(...found.map((finding) => (finding.breaking ? { ...finding, advice: `${finding.advice} ${NEW_CREDENTIAL}` } : finding)));
	}
	const added = Object.keys(after.credentials).filter((name) => !before.credentials[name]);
	return [...findings, ...added.map((name) => fresh(`credential ${name} is new`))];
}

/** All differences between the released contract and the current one; breaking ones first. */
export function compareContracts(before: Contract, after: Contract): ContractFinding[] {
	const renamed = before.package !== after.package;
	const findings = [
		...(renamed ? [broken(`The package is called ${after.package}, and was ${before.package}`, 'n8n saves nodes with the name of their package. Keep it.')] : []),
		...compareNodes(before, after),
		...compareCredentials(before, after),
	];
	return [...findings.filter(({ breaking }) => breaking), ...findings.filter(({ breaking }) => !breaking)];
}
