import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { asBoolean, asChoice, asFieldName, asIntendedText, asNumber, asText, asWholeNumber, isUnset } from './input';

/** A parameter or an option of a node, or a field of the credential, in one place: what the editor shows, and how a value is read. */
export interface Parameter<T> {
	readonly property: INodeProperties;
	/**
	 * @param name in messages, the displayed name unless given
	 * @throws InvalidInput with the name when the value cannot be used
	 */
	readonly read: (value: unknown, name?: string) => T;
	/** Whether an expression that gives nothing is an error; otherwise the default applies. */
	readonly needsValue?: true;
}

type Shown = Omit<INodeProperties, 'type' | 'default' | 'options'>;

interface Choice<T extends string> extends INodePropertyOptions {
	value: T;
}

const parameterOf =
	<T>(type: 'string' | 'boolean', fallback: string | boolean, parse: (value: unknown, name: string) => T) =>
	(shown: Shown & { default?: string }): Parameter<T> => ({
		property: { type, default: fallback, ...shown },
		read: (value, name = shown.displayName) => parse(value, name),
	});

/** Text without surrounding white space. */
export const textParameter = parameterOf('string', '', asText);

/** Text as it was typed: a prompt keeps its spaces and line breaks. */
export const multilineParameter = parameterOf('string', '', (value, name) =>
	asIntendedText(value, name) !== '' && typeof value === 'string' ? value : asText(value, name),
);

/** Text that tells videos apart. One file name has two spellings in Unicode: macOS uses NFD. */
export const keyParameter = parameterOf('string', '', (value, name) => asIntendedText(value, name).normalize('NFC'));

/** An option that prevents a second or useless payment, so an expression must give a value. */
export const requireValue = <T>(parameter: Parameter<T>): Parameter<T> => ({ ...parameter, needsValue: true });

/** A value of any type, which the caller reads. */
export const rawParameter = parameterOf('string', '', (value) => value);

/** The name of a field that the node writes. */
export const fieldNameParameter = parameterOf('string', 'data', asFieldName);

export const booleanParameter = parameterOf('boolean', false, asBoolean);

/** A number of at least `min`; fractions count. */
export const numberParameter = ({ min, ...shown }: Shown & { default: number; min: number }): Parameter<number> => ({
	property: { type: 'number', typeOptions: { minValue: min }, ...shown },
	read: (value, name = shown.displayName) => asNumber(isUnset(value) ? shown.default : value, name, min),
});

/** A whole number of at least `min`; undefined where it is not set. */
export const countParameter = ({ min, max, ...shown }: Shown & { default: number; min: number; max?: number }): Parameter<number | undefined> => ({
	property: { type: 'number', typeOptions: { minValue: min, ...(max !== undefined && { maxValue: max }), numberPrecision: 0 }, ...shown },
	read: (value, name = shown.displayName) => (isUnset(value) ? undefined : asWholeNumber(value, name, min, max)),
});

type ChoiceShown<T extends string> = Shown & { default: NoInfer<T>; options: ReadonlyArray<Choice<T>> };

/** One of a few values, given by its value or its displayed name in any case; nothing at all is an error. */
export const requiredChoiceParameter = <T extends string>(shown: ChoiceShown<T>): Parameter<T> => ({
	property: { type: 'options', ...shown, options: [...shown.options] },
	read: (value, name = shown.displayName) => asChoice(value, name, shown.options),
});

/** Like `requiredChoiceParameter`, but nothing at all is the default. */
export function choiceParameter<T extends string>(shown: ChoiceShown<T>): Parameter<T> {
	const { property, read } = requiredChoiceParameter(shown);
	return { property, read: (value, name) => (isUnset(value) ? shown.default : read(value, name)) };
}
