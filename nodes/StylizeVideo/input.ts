import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isObject, isUnsafeKey } from '../hidream/vendorJson';

/** What is wrong with an item's input, before anything has been sent. */
export class InvalidInput extends Error {
	/**
	 * @param what one sentence with the parameter's displayed name
	 * @param advice what to do now
	 */
	constructor(
		what: string,
		readonly advice: string,
	) {
		super(what);
	}
}

/** The value as text; an expression, or an AI model, may give anything. */
export function asText(value: unknown, displayName: string): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value.trim();
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

/** Beyond any use; in milliseconds it still makes a date. */
const GREATEST = 1e9;

/** The value as a number of at least `least`; text that is a number will do. */
export function asNumber(value: unknown, displayName: string, least = 0): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number) || number < least) {
		throw new InvalidInput(
			`"${displayName}" must be a number of at least ${least}`,
			`Correct "${displayName}".`,
		);
	}
	if (number > GREATEST) {
		throw new InvalidInput(`"${displayName}" must be a number of at most ${GREATEST}`, `Correct "${displayName}".`);
	}
	return number;
}

/** One of `words`; the first stands in for nothing. */
function asChoice<T extends string>(value: string, displayName: string, words: readonly [T, ...T[]]): T {
	const found = value === '' ? words[0] : words.find((word) => word === value);
	if (found !== undefined) return found;
	throw new InvalidInput(`"${displayName}" is "${value}", which there is not`, `Use one of: ${words.join(', ')}.`);
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
		const given = [this.options[name], ...fallbacks].find((value) => value !== undefined && value !== '');
		return asNumber(given, displayName, least);
	}

	/** One of a few words; the first is the default. */
	optionChoice<T extends string>(name: string, displayName: string, words: readonly [T, ...T[]]): T {
		return asChoice(this.optionText(name, displayName), displayName, words);
	}

	choice<T extends string>(name: string, displayName: string, words: readonly [T, ...T[]]): T {
		return asChoice(this.text(name, displayName), displayName, words);
	}

	flag(name: string, displayName: string): boolean {
		const value = this.read(name, displayName, false);
		return value === true || value === 'true';
	}

	/** The value as it is, of any type. */
	value(name: string, displayName: string): unknown {
		return this.read(name, displayName, undefined);
	}

	private read(name: string, displayName: string, fallback: unknown): unknown {
		let reason: string;
		try {
			return this.context.getNodeParameter(name, this.itemIndex, fallback);
		} catch (error) {
			reason = (error as Error).message;
		}
		throw new InvalidInput(
			`"${displayName}" cannot be evaluated: ${reason}`,
			`Correct the expression in "${displayName}".`,
		);
	}
}
