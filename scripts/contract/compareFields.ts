import type { ContractFinding, NodeContract } from './contract';
import type { Field } from './shapes';

const GONE = 'Expressions in later nodes that read it get no value. Keep it, beside the new one.';

/** The changes of a field that still exists. */
function compareField(name: string, then: Field, now: Field): ContractFinding[] {
	const more = now.types.filter((type) => !then.types.includes(type));
	const lost = then.values && now.values ? then.values.filter((word) => !now.values?.includes(word)) : [];
	const fresh = then.values && now.values ? now.values.filter((word) => !then.values?.includes(word)) : [];
	return [
		...more.map((type) => ({
			breaking: true,
			what: `${name} may be of type ${type}, and was ${then.types.join(' or ')}`,
			advice: 'Later nodes may not handle it. Keep the type, and use a new field for the new value.',
		})),
		...lost.map((word) => ({
			breaking: true,
			what: `${name} is no longer "${word}"`,
			advice: 'If and Switch nodes that compare with this value never match it. Keep it.',
		})),
		...fresh.map((word) => ({ breaking: false, what: `${name} may be "${word}"`, advice: '' })),
	];
}

/** The changes of a node's output fields. */
export function compareFields(where: string, before: NodeContract['fields'], after: NodeContract['fields']): ContractFinding[] {
	const findings: ContractFinding[] = [];
	for (const [operation, fields] of Object.entries(before)) {
		const given = after[operation];
		if (!given) {
			findings.push({ breaking: true, what: `${where}: the output "${operation}" has no schema any more`, advice: GONE });
			continue;
		}
		for (const [path, then] of Object.entries(fields)) {
			const now = given[path];
			const name = `${where}: the output field "${path}" of "${operation}"`;
			if (now) findings.push(...compareField(name, then, now));
			else findings.push({ breaking: true, what: `${name} was removed`, advice: GONE });
		}
		const added = Object.keys(given).filter((path) => !(path in fields));
		findings.push(...added.map((path) => ({ breaking: false, what: `${where}: "${operation}" has the new field "${path}"`, advice: '' })));
	}
	const added = Object.keys(after).filter((operation) => !(operation in before));
	findings.push(...added.map((operation) => ({ breaking: false, what: `${where}: the output "${operation}" has a schema`, advice: '' })));
	return findings;
}
