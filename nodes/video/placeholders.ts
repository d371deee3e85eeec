/** What an expression writes into a URL when it finds no value. */
const NO_VALUE = /^(undefined|null|NaN|Invalid Date(Time)?)(\.\w{1,5})?$/;

/** A placeholder from a documentation or a template. `:id` is legal, so it passes. */
const TEMPLATE = /<[^<>]*>|^\$?\{[a-z_][a-z_ .]*\}$/i;

/** An expression that n8n, or a template literal that JavaScript, did not evaluate. */
const EXPRESSION = /\{\{[^{}"]*\}\}|\$\{|\$(?:json|input|node|binary|item|items|vars|prevNode)\b\s*[.[(]|\$\(['"]/;

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Why `text` still contains what a value was to replace, as the end of a sentence; undefined if it does not. */
export function findPlaceholder(text: string): string | undefined {
	const whole = decoded(text);
	if (EXPRESSION.test(whole)) return 'contains an expression that was not evaluated';
	if (/\[object \w+\]/.test(whole)) return 'contains [object Object]: an expression gave an object instead of text';
	// Whole labels of the host, path segments, names and values of the query.
	const parts = text.split(/[/?#&=;@:]+/).flatMap((part, i) => (i === 1 ? [part, ...part.split('.')] : [part])).map(decoded);
	const noValue = parts.map((part) => NO_VALUE.exec(part)?.[1]).find((word) => word !== undefined);
	if (noValue !== undefined) return `contains ${noValue}: an expression found no value`;
	const template = parts.find((part) => TEMPLATE.test(part));
	return template === undefined ? undefined : `contains the placeholder ${template}`;
}
