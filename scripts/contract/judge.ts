import { compareContracts } from './compare';
import type { Contract, Finding } from './contract';

export interface Verdict {
	ok: boolean;
	/** What to print. */
	words: string;
}

const numbersOf = (version: string): number[] => version.split(/[.+-]/, 3).map(Number);

/** Whether `to` may break what `from` promised: its first number is higher. */
const isMajorBump = (from: string, to: string): boolean => (numbersOf(to)[0] ?? 0) > (numbersOf(from)[0] ?? 0);

function isOlder(version: string, than: string): boolean {
	const [a, b] = [numbersOf(version), numbersOf(than)];
	const differing = a.findIndex((number, n) => number !== b[n]);
	return differing >= 0 && (a[differing] ?? 0) < (b[differing] ?? 0);
}

const lineOf = ({ breaking, what, advice }: Finding): string => (breaking ? `  ✗ ${what}\n    ${advice}` : `  + ${what}`);

/** Says whether the present contract keeps what the released one promised, and what has changed. */
export function judge(released: Contract, present: Contract): Verdict {
	const findings = compareContracts(released, present);
	const breaks = findings.filter(({ breaking }) => breaking).length;
	const allowed = isMajorBump(released.version, present.version);
	const list = findings.map((finding) => `\n${lineOf(finding)}`).join('');
	if (breaks === 0) return { ok: true, words: `Nothing breaks what version ${released.version} promised.${list === '' ? '' : ` Added since:${list}`}` };
	const verdict = allowed
		? `Version ${present.version} may break what version ${released.version} promised, and does. Say so in the changelog:`
		: `This breaks workflows that people saved with version ${released.version}:`;
	return { ok: allowed, words: verdict + list };
}

/**
 * Whether the present contract may become the released one: not when it breaks the old one within a major version,
 * and not for a version that is older.
 * @param released undefined before the first release
 */
export function judgeRelease(released: Contract | undefined, present: Contract): Verdict {
	if (!released) return { ok: true, words: `Version ${present.version} is the first contract.` };
	if (isOlder(present.version, released.version)) {
		return { ok: false, words: `package.json says ${present.version}, but ${released.version} has been released.` };
	}
	const verdict = judge(released, present);
	return verdict.ok ? verdict : { ...verdict, words: `${verdict.words}\nNothing was written: that needs a new major version in package.json.` };
}
