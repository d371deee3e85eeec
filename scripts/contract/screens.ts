import { displayParameter } from 'n8n-workflow';
import type { INodeParameters, NodeParameterValue } from 'n8n-workflow';
import type { ContractParameter } from './contract';

/** A parameter with the collections that contain it. */
type Chain = ContractParameter[];

/** The values of a saved node that decide what is shown, by path. */
export type Screen = Record<string, unknown>;

/** Everything with a path, such as `options.maxWait`; one path may have several variants. */
export function chainsByPath(parameters: ContractParameter[], before: Chain = []): Map<string, Chain[]> {
	const found = new Map<string, Chain[]>();
	for (const parameter of parameters) {
		const chain = [...before, parameter];
		const path = chain.map(({ name }) => name).join('.');
		found.set(path, [...(found.get(path) ?? []), chain]);
		for (const [inner, chains] of chainsByPath(parameter.fields ?? [], chain)) {
			found.set(inner, [...(found.get(inner) ?? []), ...chains]);
		}
	}
	return found;
}

/** The paths of the parameters that decide whether the last of the chain is shown, with the values in their conditions. */
function controllersOf(chain: Chain): Array<[string, unknown[]]> {
	return chain.flatMap(({ display }, depth) => {
		const place = chain.slice(0, depth).map(({ name }) => `${name}.`).join('');
		const conditions = [...Object.entries(display?.show ?? {}), ...Object.entries(display?.hide ?? {})];
		return conditions
			.filter(([name]) => !name.startsWith('@'))
			.map(([name, values]): [string, unknown[]] => [name.startsWith('/') ? name.slice(1) : place + name, values ?? []]);
	});
}

/** Every value of a parameter that a condition mentions. */
function settingsOf(chains: Chain[], mentioned: unknown[]): unknown[] {
	const all = chains.flatMap((chain) => chain.at(-1) ?? []);
	const settings = all.flatMap(({ type, values, default: preset }) => {
		if (type === 'boolean') return [true, false];
		if (type === 'multiOptions') return (values ?? []).map((value) => [value]);
		return values ?? [preset, ...mentioned.filter((value) => typeof value !== 'object')];
	});
	return [...new Set(settings)];
}

/**
 * All combinations of values that decide whether the parameter is shown, in either contract. A parameter that did not
 * exist when the node was saved has its default.
 */
export function screensOf(path: string, then: Map<string, Chain[]>, now: Map<string, Chain[]>): Screen[] {
	const chains = [...(then.get(path) ?? []), ...(now.get(path) ?? [])];
	const controllers = new Map<string, unknown[]>();
	for (const [name, values] of chains.flatMap(controllersOf)) controllers.set(name, [...(controllers.get(name) ?? []), ...values]);
	let screens: Screen[] = [{}];
	for (const [name, mentioned] of controllers) {
		const saved = then.get(name);
		const settings = saved ? settingsOf(saved, mentioned) : [now.get(name)?.[0]?.at(-1)?.default];
		screens = screens.flatMap((screen) => settings.map((setting) => ({ ...screen, [name]: setting })));
	}
	return screens;
}

/** The values of the parameters at a path: '' for the node itself, or a collection's path and a dot. */
function valuesAt(screen: Screen, place: string): INodeParameters {
	const own = Object.entries(screen).filter(([path]) => path.startsWith(place));
	return Object.fromEntries(own.map(([path, value]) => [path.slice(place.length), value as NodeParameterValue]));
}

/** The variant that n8n shows on this screen; undefined if it shows none. It uses n8n's own rule. */
export function shownOn(screen: Screen, chains: Chain[] = [], typeVersion = 1): ContractParameter | undefined {
	const root = valuesAt(screen, '');
	const isShown = (chain: Chain) =>
		chain.every(({ name, display }, depth) => {
			const place = chain.slice(0, depth).map(({ name }) => `${name}.`).join('');
			return displayParameter(valuesAt(screen, place), { name, value: '', displayOptions: display }, { typeVersion }, null, root);
		});
	return chains.find(isShown)?.at(-1);
}
