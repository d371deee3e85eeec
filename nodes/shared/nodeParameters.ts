import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { asOptions, InvalidInput } from './input';
import { INPUT } from './messages/aboutInput';
import { FIX_WEBHOOK_URL } from './messages/message';
import type { Parameter } from './parameter';

/** Whether a parameter, as it was typed, is an expression as a whole. */
const isExpression = (typed: unknown): boolean => typeof typed === 'string' && typed.startsWith('=');

/** Whether any text in a parameter as it was typed is an expression. */
function hasExpression(typed: unknown): boolean {
	if (isExpression(typed)) return true;
	return typeof typed === 'object' && typed !== null && Object.values(typed).some(hasExpression);
}

/** A value that has been read, or why it could not be. */
type Read<T> = { value: T } | { error: unknown };

function tryRead<T>(read: () => T): Read<T> {
	try {
		return { value: read() };
	} catch (error) {
		return { error };
	}
}

function valueOf<T>(read: Read<T>): T {
	if ('error' in read) throw read.error;
	return read.value;
}

/** What an expression gives for the first item; undefined if it fails. */
export function evaluate(context: IExecuteFunctions, expression: string): unknown {
	const read = tryRead<unknown>(() => context.evaluateExpression(expression, 0));
	return 'value' in read ? read.value : undefined;
}

const OPTIONS = { name: 'options', displayName: 'Options', default: {} };

/** Reads the parameters of one item. */
export interface ItemParameters {
	/** @throws InvalidInput with the displayed name when the value cannot be used or its expression fails */
	get: <T>(parameter: Parameter<T>) => T;
	/** Reads one of the "Options"; likewise. */
	option: <T>(parameter: Parameter<T>) => T;
}

/**
 * Reads the parameters of a node. A value without an expression is the same for all items, so it is read once: resolving
 * parameters takes most of the processor time of an item.
 */
export class NodeParameters {
	private readonly typed = new Map<string, unknown>();
	private readonly parameters = new Map<Parameter<unknown>, Read<unknown>>();
	private readonly options = new Map<Parameter<unknown>, Read<unknown>>();

	constructor(private readonly context: IExecuteFunctions) {}

	forItem(itemIndex: number): ItemParameters {
		let options: Read<IDataObject> | undefined;
		return {
			get: (parameter) => {
				const { property } = parameter;
				return this.cached(this.parameters, this.isFixed(property), parameter, () => parameter.read(this.resolve(itemIndex, property)));
			},
			option: (parameter) =>
				this.cached(this.options, this.isFixed(OPTIONS), parameter, () => {
					options ??= tryRead(() => this.readOptions(itemIndex));
					const value = valueOf(options)[parameter.property.name];
					// An expression that gives an empty text means that the option is not set.
					if (parameter.needsValue && (value === undefined || value === null)) this.checkFixed(parameter.property);
					return parameter.read(value);
				}),
		};
	}

	private cached<T>(cache: Map<Parameter<unknown>, Read<unknown>>, isFixed: boolean, parameter: Parameter<T>, read: () => T): T {
		if (!isFixed) return read();
		const known = (cache.get(parameter) as Read<T> | undefined) ?? tryRead(read);
		cache.set(parameter, known);
		return valueOf(known);
	}

	private readOptions(itemIndex: number): IDataObject {
		if (isExpression(this.typedValue(OPTIONS.name, OPTIONS.default))) {
			throw new InvalidInput(...INPUT.optionsExpression);
		}
		return asOptions(this.resolve(itemIndex, OPTIONS));
	}

	/** @throws InvalidInput when the option is an expression */
	private checkFixed({ name, displayName }: { name: string; displayName: string }): void {
		const typed = this.typedValue(OPTIONS.name, OPTIONS.default) as IDataObject | undefined;
		if (isExpression(typed?.[name])) throw new InvalidInput(...INPUT.expressionGaveNothing(displayName));
	}

	private isFixed({ name, default: fallback }: { name: string; default: unknown }): boolean {
		const typed = this.typedValue(name, fallback);
		return typed !== undefined && !hasExpression(typed);
	}

	/** The parameter as the user typed it: the same for all items. */
	private typedValue(name: string, fallback: unknown): unknown {
		if (!this.typed.has(name)) {
			const typed = tryRead(() => this.context.getNodeParameter(name, 0, fallback, { rawExpressions: true }) as unknown);
			this.typed.set(name, 'value' in typed ? typed.value : undefined);
		}
		return this.typed.get(name);
	}

	private resolve(itemIndex: number, { name, displayName, default: fallback }: { name: string; displayName: string; default: unknown }): unknown {
		const resolved = tryRead(() => this.context.getNodeParameter(name, itemIndex, fallback) as unknown);
		if ('value' in resolved) return resolved.value;
		// n8n fails for a fixed value too if it cannot build its own URLs.
		if (this.isFixed({ name, default: fallback })) return this.typedValue(name, fallback);
		const [what, hint] = INPUT.badExpression(displayName, (resolved.error as Error).message);
		// If WEBHOOK_URL has no scheme, n8n cannot build the execution's resume URL, and every expression fails.
		throw new InvalidInput(what, evaluate(this.context, '{{ 1 }}') === undefined ? FIX_WEBHOOK_URL : hint);
	}
}
