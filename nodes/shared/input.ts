import type { IDataObject } from 'n8n-workflow';
import { isObject, isUnsafeKey } from '../hidream/vendorJson';
import { INPUT } from './messages/aboutInput';

/** What is wrong with an item's input, before anything has been sent. */
export class InvalidInput extends Error {
	/** The credential is wrong, and so every item of the account. */
	scope?: 'account';

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
		throw new InvalidInput(...INPUT.lostDigits(displayName, value));
	}
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw new InvalidInput(...INPUT.notText(displayName, value));
}

/** What a broken expression leaves in a text. */
const BROKEN_EXPRESSION = /^(undefined|null|NaN)$|\[object \w+\]/;

/** Text that decides what is paid for. */
export function asIntendedText(value: unknown, displayName: string): string {
	const text = asText(value, displayName);
	if (BROKEN_EXPRESSION.test(text)) throw new InvalidInput(...INPUT.brokenExpression(displayName, text));
	return text;
}

/** The name of a field that the node writes; `data` by default. */
export function asFieldName(value: unknown, displayName: string): string {
	const name = asText(value, displayName) || 'data';
	if (!isUnsafeKey(name)) return name;
	throw new InvalidInput(...INPUT.badFieldName(displayName, name));
}

/** The options that are set; nothing at all means no options. */
export function asOptions(value: unknown): IDataObject {
	if (value === undefined || value === null || value === '') return {};
	if (isObject(value)) return value;
	throw new InvalidInput(...INPUT.optionsNotObject);
}

/** Whether a value counts as not set, so that the default applies. */
export const isUnset = (value: unknown): boolean =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

function shown(value: unknown): string {
	if (typeof value === 'string') return `"${value.trim()}"`;
	return typeof value === 'bigint' || typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}

const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];

/**
 * The value as yes or no; not set is no.
 * @throws InvalidInput when it is neither
 */
export function asBoolean(value: unknown, displayName: string): boolean {
	if (isUnset(value)) return false;
	const word = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
	if (YES.includes(word)) return true;
	if (NO.includes(word)) return false;
	throw new InvalidInput(...INPUT.notBoolean(displayName, shown(value)));
}

/** Larger than any useful value; in milliseconds it is still a valid date. */
const MAX_NUMBER = 1e9;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The value as a number of at least `min`; decimal text counts.
 * @throws InvalidInput when it is not one
 */
export function asNumber(value: unknown, displayName: string, min = 0, max = MAX_NUMBER): number {
	const number = typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number) || number < min) throw new InvalidInput(...INPUT.tooSmall(displayName, shown(value), min));
	if (number > max) throw new InvalidInput(...INPUT.tooLarge(displayName, shown(value), max));
	return number;
}

/** Like `asNumber`, for a count: a fraction is an error, since rounding would surprise the user. */
export function asWholeNumber(value: unknown, displayName: string, min = 0, max?: number): number {
	const number = asNumber(value, displayName, min, max);
	if (Number.isInteger(number)) return number;
	throw new InvalidInput(...INPUT.notWhole(displayName, shown(value)));
}

/** Case, spaces, hyphens, underscores and an explanation in parentheses make no difference. */
const letters = (text: string): string => text.toLowerCase().replace(/\(.*\)/, '').replace(/[\s_-]/g, '');

/**
 * One of `options`, by its value or its displayed name.
 * @throws InvalidInput listing the values when it is none of them
 */
export function asChoice<T extends string>(value: unknown, displayName: string, options: ReadonlyArray<{ name: string; value: T }>): T {
	const text = asText(value, displayName);
	const given = letters(text);
	const found = options.find((option) => letters(option.value) === given || letters(option.name) === given);
	if (found) return found.value;
	const values = options.map((option) => option.value).join(', ');
	throw new InvalidInput(...(text === '' ? INPUT.noChoice(displayName, values) : INPUT.unknownChoice(displayName, text, values)));
}
