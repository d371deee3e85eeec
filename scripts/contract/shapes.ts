/** The part of JSON Schema that describes output fields. */
export interface Shape {
	type: string | string[];
	properties?: Record<string, Shape>;
	items?: Shape;
	enum?: string[];
}

/** The type of one field: its types, and its values if it has an enum. */
export interface Field {
	types: string[];
	values?: string[];
}

const typesOf = ({ type }: Shape): string[] => [type].flat();

const inside = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** All fields of a shape by their path: `task_id`, `details.code`, `problems[].item`. */
export function shapeFields(shape: Shape, path = ''): Record<string, Field> {
	const { properties = {}, items, enum: values } = shape;
	return {
		...(path !== '' && { [path]: { types: typesOf(shape), ...(values && { values }) } }),
		...(items && shapeFields(items, `${path}[]`)),
		...Object.assign({}, ...Object.entries(properties).map(([name, field]) => shapeFields(field, inside(path, name)))),
	};
}

/** A list of facts for each type and value that a shape allows, such as `task_id: null` or `status = failed`. */
export const factsOfShape = (shape: Shape): string[] =>
	Object.entries(shapeFields(shape)).flatMap(([path, { types, values }]) =>
		types.flatMap((type) => (type === 'string' && values ? values.map((value) => `${path} = ${value}`) : [`${path}: ${type}`])),
	);

function typeOf(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}

/**
 * The same facts of a value. The content of an object whose shape names no fields is HiDream's or the user's, and is
 * not included.
 * @param shape the schema of the value; an unknown field is reported with its type
 */
export function factsOfValue(value: unknown, shape: Shape | undefined, path = ''): string[] {
	const own = typeof value === 'string' && shape?.enum ? `${path} = ${value}` : `${path}: ${typeOf(value)}`;
	const facts = path === '' ? [] : [own];
	if (Array.isArray(value)) return [...facts, ...value.flatMap((entry) => factsOfValue(entry, shape?.items, `${path}[]`))];
	const { properties } = shape ?? {};
	if (typeof value !== 'object' || value === null || !properties) return facts;
	return [...facts, ...Object.entries(value).flatMap(([name, field]) => factsOfValue(field, properties[name], inside(path, name)))];
}
