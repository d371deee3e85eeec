import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isObject, isUnsafeKey } from '../hidream/vendorJson';
import { FIX_WEBHOOK_URL, hasBrokenUrls } from './webhookUrl';

/** What is wrong with an item's input, before anything has been sent. */
export class InvalidInput extends Error {
	/**
	 * @param what one sentence with the parameter's displayed name
	 * @param hint what to do now
	 */
	constructor(
		what: string,
		readonly hint: string,
	) {
		super(what);
	}
}

/** The value as text; an expression, or an AI model, may give anything. */
export function asText(value: unknown, displayName: string): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
		throw new InvalidInput(`"${displayName}" is a number that has lost digits: ${value}`, 'Keep long numbers as text in the nodes before this one.');
	}
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw new InvalidInput(
		`"${displayName}" must be text, but it is ${Array.isArray(value) ? 'a list' : 'an object'}`,
		`Give text for "${displayName}".`,
	);
}

/** The name of a field that the node writes; `data` stands in for nothing. */
export function asFieldName(value: unknown, displayName: string): string {
	const name = asText(value, displayName) || 'data';
	if (!isUnsafeKey(name)) return name;
	throw new InvalidInput(
		`"${displayName}" is "${name}", which cannot be the name of a field`,
		`Put another name into "${displayName}".`,
	);
}

/** The options that are set; nothing at all is none. */
export function asOptions(value: unknown): IDataObject {
	if (value === undefined || value === null || value === '') return {};
	if (isObject(value)) return value;
	throw new InvalidInput('"Options" must be an object', 'Put in an expression that gives an object for "Options".');
}

/** Whether a value counts as not set, so that the default applies. */
export const isUnset = (value: unknown): boolean =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

const shown = (value: unknown): string => (typeof value === 'string' ? `"${value.trim()}"` : (JSON.stringify(value) ?? String(value)));

const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];

/**
 * The value as yes or no; not set is no.
 * @throws InvalidInput when it is neither
 */
export function asFlag(value: unknown, displayName: string): boolean {
	if (isUnset(value)) return false;
	const word = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
	if (YES.includes(word)) return true;
	if (NO.includes(word)) return false;
	throw new InvalidInput(`"${displayName}" is ${shown(value)}, which is neither yes nor no`, 'Use true or false.');
}

/** Larger than any useful value; in milliseconds it is still a valid date. */
const MAX_NUMBER = 1e9;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The value as a number of at least `least`; decimal text counts.
 * @throws InvalidInput when it is not one
 */
export function asNumber(value: unknown, displayName: string, least = 0): number {
	const number = typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : value;
	const errorInfo = (rule: string) =>
		new InvalidInput(`"${displayName}" must be ${rule}, but it is ${shown(value)}`, `Correct "${displayName}".`);
	if (typeof number !== 'number' || !Number.isFinite(number) || number < least) throw errorInfo(`a number of at least ${least}`);
	if (number > MAX_NUMBER) throw errorInfo(`a number of at most ${MAX_NUMBER}`);
	return number;
}

/** As `asNumber`, without fractions: what counts whole things cannot be rounded without a surprise. */
export function asWholeNumber(value: unknown, displayName: string, least = 0): number {
	const number = asNumber(value, displayName, least);
	if (Number.isInteger(number)) return number;
	throw new InvalidInput(`"${displayName}" must be a whole number, but it is ${shown(value)}`, `Correct "${displayName}".`);
}

/** Case, spaces, hyphens, underscores and an explanation in parentheses make no difference. */
const letters = (text: string): string => text.toLowerCase().replace(/\(.*\)/, '').replace(/[\s_-]/g, '');

/** Displayed names that do not spell their value. */
const DISPLAYED = new Map(
	[['Binary File', 'binary'], ['Link to Binary File', 'binaryLink'], ['Submit Again', 'resubmit']].map(
		([name = '', value = '']) => [letters(name), letters(value)],
	),
);

/**
 * One of `words`, by its value or its displayed name; the first is the default.
 * @throws InvalidInput listing the values when it is none of them
 */
export function asChoice<T extends string>(value: unknown, displayName: string, words: readonly [T, ...T[]]): T {
	if (isUnset(value)) return words[0];
	const text = asText(value, displayName);
	const given = letters(text);
	const found = words.find((word) => letters(word) === (DISPLAYED.get(given) ?? given));
	if (found !== undefined) return found;
	throw new InvalidInput(`"${displayName}" has an unknown value: "${text}"`, `Use one of: ${words.join(', ')}.`);
}

/** Whether a parameter, as it was typed, is an expression as a whole. */
export const isExpression = (typed: unknown): boolean => typeof typed === 'string' && typed.startsWith('=');

/** Whether any text in a parameter as typed is an expression. */
function hasExpression(raw: unknown): boolean {
	if (isExpression(raw)) return true;
	return typeof raw === 'object' && raw !== null && Object.values(raw).some(hasExpression);
}

/** Reads the parameters of one item; an expression that fails is reported with the parameter's name. */
export class ItemParameters {
	private known?: IDataObject;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	/** Read when the first one is asked for: what else is read of the item can do without. */
	private get options(): IDataObject {
		if (!this.known && isExpression(this.typed('options', {}))) {
			throw new InvalidInput('"Options" is one expression, which n8n does not pass on', 'Add the options and use an expression in each.');
		}
		return (this.known ??= asOptions(this.read('options', 'Options', {})));
	}

	text(name: string, displayName: string): string {
		return asText(this.read(name, displayName, ''), displayName);
	}

	/** As typed: a prompt keeps its spaces and line breaks. */
	verbatim(name: string, displayName: string): string {
		const value = this.read(name, displayName, '');
		return typeof value === 'string' ? value : asText(value, displayName);
	}

	optionText(name: string, displayName: string): string {
		return asText(this.options[name], displayName);
	}

	/** The option, else the first of `fallbacks` that is set. */
	optionNumber(name: string, displayName: string, least: number, ...fallbacks: unknown[]): number {
		return asNumber(this.firstSet(name, fallbacks), displayName, least);
	}

	optionWholeNumber(name: string, displayName: string, least: number, ...fallbacks: unknown[]): number {
		return asWholeNumber(this.firstSet(name, fallbacks), displayName, least);
	}

	/** One of a few words; the first is the default. */
	optionChoice<T extends string>(name: string, displayName: string, words: readonly [T, ...T[]]): T {
		return asChoice(this.options[name], displayName, words);
	}

	choice<T extends string>(name: string, displayName: string, words: readonly [T, ...T[]]): T {
		return asChoice(this.read(name, displayName, ''), displayName, words);
	}

	flag(name: string, displayName: string): boolean {
		return asFlag(this.read(name, displayName, false), displayName);
	}

	/** The value as it is, of any type. */
	value(name: string, displayName: string): unknown {
		return this.read(name, displayName, undefined);
	}

	private firstSet(name: string, fallbacks: unknown[]): unknown {
		return [this.options[name], ...fallbacks].find((value) => !isUnset(value));
	}

	private read(name: string, displayName: string, fallback: unknown): unknown {
		let reason: string;
		try {
			return this.context.getNodeParameter(name, this.itemIndex, fallback);
		} catch (error) {
			reason = (error as Error).message;
		}
		// n8n fails for a fixed value too if it cannot build its own URLs.
		const typed = this.typed(name, fallback);
		if (typed !== undefined && !hasExpression(typed)) return typed;
		throw new InvalidInput(
			`"${displayName}" cannot be evaluated: ${reason}`,
			hasBrokenUrls(this.context) ? FIX_WEBHOOK_URL : `Correct the expression in "${displayName}".`,
		);
	}

	private typed(name: string, fallback: unknown): unknown {
		try {
			return this.context.getNodeParameter(name, this.itemIndex, fallback, { rawExpressions: true });
		} catch {
			return undefined;
		}
	}
}
