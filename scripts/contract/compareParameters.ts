import { isDeepStrictEqual } from 'node:util';
import type { ContractFinding, ContractParameter } from './contract';
import { chainsByPath, screensOf, shownOn, type Screen } from './screens';

/** Why each kind of change breaks a saved workflow. */
const WHY = {
	removed: 'Saved nodes lose its value. Keep the old name: the displayed name may change.',
	hidden: 'Saved nodes with a value no longer use it.',
	type: 'The values of saved nodes no longer match.',
	default: 'n8n does not save a value that equals the default, so saved nodes with the old default would change their behavior.',
	value: 'Saved nodes with this value stop working. Keep the value: its displayed name may change.',
	required: 'Saved nodes without a value stop working. Add a default that keeps the old behavior.',
} as const;

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** ` when operation is "submit"`, for the first of the screens. */
function whenOf(screens: Screen[]): string {
	const conditions = Object.entries(screens[0] ?? {}).map(([name, value]) => `${name} is ${shown(value)}`);
	return conditions.length === 0 ? '' : ` when ${conditions.join(' and ')}`;
}

/** Whether a user must fill it in before n8n runs the node. */
const asksForInput = ({ required, default: preset }: ContractParameter): boolean => required === true && (preset === '' || isDeepStrictEqual(preset, []));

/** The breaking changes of one parameter on one screen, as [reason, description]. */
function worseOn(then: ContractParameter, now: ContractParameter | undefined): Array<[keyof typeof WHY, string]> {
	if (!now) return [['hidden', 'is no longer shown']];
	const worse: Array<[keyof typeof WHY, string]> = [];
	if (then.type !== now.type) worse.push(['type', `is of type ${now.type}, and was of type ${then.type}`]);
	if (!isDeepStrictEqual(then.default, now.default)) worse.push(['default', `has the default ${shown(now.default)}, and had ${shown(then.default)}`]);
	const gone = (then.values ?? []).filter((value) => now.values && !now.values.includes(value));
	if (gone.length > 0) worse.push(['value', `no longer has the value ${gone.map(shown).join(', ')}`]);
	if (asksForInput(now) && !asksForInput(then)) worse.push(['required', 'is now required']);
	return worse;
}

/** The breaking changes of a parameter that still exists; the same change on several screens is reported once. */
function broken(where: string, path: string, screens: Screen[], findPair: (screen: Screen) => [ContractParameter?, ContractParameter?]): ContractFinding[] {
	const groups = new Map<string, { why: keyof typeof WHY; screens: Screen[] }>();
	for (const screen of screens) {
		const [then, now] = findPair(screen);
		for (const [why, words] of then ? worseOn(then, now) : []) {
			const group = groups.get(words) ?? { why, screens: [] };
			groups.set(words, { why, screens: [...group.screens, screen] });
		}
	}
	return [...groups].map(([words, group]) => ({
		breaking: true,
		what: `${where}: "${path}" ${words}${group.screens.length < screens.length ? whenOf(group.screens) : ''}`,
		advice: WHY[group.why],
	}));
}

const isInside = (path: string, others: Iterable<string>): boolean => [...others].some((other) => path.startsWith(`${other}.`));

/** The values that were added. */
function newValues(where: string, path: string, then: ContractParameter[], now: ContractParameter[]): ContractFinding[] {
	const had = new Set(then.flatMap(({ values = [] }) => values));
	const added = [...new Set(now.flatMap(({ values = [] }) => values))].filter((value) => had.size > 0 && !had.has(value));
	return added.map((value) => ({ breaking: false, what: `${where}: "${path}" has a new value ${shown(value)}`, advice: '' }));
}

/**
 * The changes of a node's parameters or a credential's fields, compared on every screen that a saved node may show.
 * @param where the name of the node for the report
 */
export function compareParameters(where: string, before: ContractParameter[], after: ContractParameter[], typeVersion?: number): ContractFinding[] {
	const then = chainsByPath(before);
	const now = chainsByPath(after);
	const removed = [...then.keys()].filter((path) => !now.has(path));
	const added = [...now.keys()].filter((path) => !then.has(path));
	const findings: ContractFinding[] = removed
		.filter((path) => !isInside(path, removed))
		.map((path) => ({ breaking: true, what: `${where}: "${path}" was removed`, advice: WHY.removed }));
	for (const [path, chains] of then) {
		if (!now.has(path)) continue;
		const pair = (screen: Screen): [ContractParameter?, ContractParameter?] => [shownOn(screen, chains, typeVersion), shownOn(screen, now.get(path), typeVersion)];
		findings.push(...broken(where, path, screensOf(path, then, now), pair));
		const last = (variants: ContractParameter[][] = []) => variants.flatMap((chain) => chain.at(-1) ?? []);
		findings.push(...newValues(where, path, last(chains), last(now.get(path))));
	}
	for (const path of added) {
		const asking = screensOf(path, then, now).filter((screen) => {
			const parameter = shownOn(screen, now.get(path), typeVersion);
			return parameter !== undefined && asksForInput(parameter);
		});
		// A parameter in a collection is only required once a user has added it.
		if (asking.length > 0 && !path.includes('.')) {
			findings.push({ breaking: true, what: `${where}: the new "${path}" is required${whenOf(asking)}`, advice: WHY.required });
		} else if (!isInside(path, added)) findings.push({ breaking: false, what: `${where}: "${path}" is new`, advice: '' });
	}
	return findings;
}
