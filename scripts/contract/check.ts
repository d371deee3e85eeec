import { compareContracts } from './compare';
import type { Contract, ContractFinding } from './contract';

export interface ContractVerdict {
	ok: boolean;
	/** The text to print. */
	words: string;
}

const numbersOf = (version: string): number[] => version.split(/[.+-]/, 3).map(Number);

/** Whether `to` may break the contract of `from`: its major version is higher. */
const isMajorBump = (from: string, to: string): boolean => (numbersOf(to)[0] ?? 0) > (numbersOf(from)[0] ?? 0);

function isOlder(version: string, than: string): boolean {
	const [a, b] = [numbersOf(version), numbersOf(than)];
	const differing = a.findIndex((number, n) => number !== b[n]);
	return differing >= 0 && (a[differing] ?? 0) < (b[differing] ?? 0);
}

const lineOf = ({ breaking, what, advice }: ContractFinding): string => (breaking ? `  ✗ ${what}\n    ${advice}` : `  + ${what}`);

/** Reports whether the current contract keeps the released one, and what has changed. */
export function checkContract(released: Contract, present: Contract): ContractVerdict {
	const findings = compareContracts(released, present);
	const breaks = findings.filter(({ breaking }) => breaking).length;
	const allowed = isMajorBump(released.version, present.version);
	const list = findings.map((finding) => `\n${lineOf(finding)}`).join('');
	if (breaks === 0) return { ok: true, words: `Nothing breaks the contract of version ${released.version}.${list === '' ? '' : ` Added since:${list}`}` };
	const verdict = allowed
		? `Version ${present.version} breaks the contract of version ${released.version}, which a new major version may do. Describe it in the changelog:`
		: `This breaks workflows that users saved with version ${released.version}:`;
	return { ok: allowed, words: verdict + list };
}

/**
 * Whether the current contract may be recorded as released: not if it breaks the old one within a major version,
 * and not for an older version.
 * @param released undefined before the first release
 */
export function checkRelease(released: Contract | undefined, present: Contract): ContractVerdict {
	if (!released) return { ok: true, words: `Version ${present.version} is the first contract.` };
	if (isOlder(present.version, released.version)) {
		return { ok: false, words: `package.json has ${present.version}, but ${released.version} was released.` };
	}
	const verdict = checkContract(released, present);
	return verdict.ok ? verdict : { ...verdict, words: `${verdict.words}\nNothing was written: this needs a new major version in package.json.` };
}
