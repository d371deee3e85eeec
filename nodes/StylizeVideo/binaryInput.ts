import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isObject } from '../hidream/vendorJson';
import { UnusableFile } from '../video/fileKind';
import { bytesIn } from '../video/inlineData';
import { findBinary, type BinaryFile } from '../video/source';
import { asText, InvalidInput } from '../shared/input';
import type { ItemParameters } from '../shared/nodeParameters';
import { BINARY_FIELD } from './parameters';

const NAME = BINARY_FIELD.property.displayName;

/** Where n8n puts files into the JSON when the workflow's setting `binaryMode` is "combined". */
const FILES_IN_JSON = '_files';

/** The parts of a path, as n8n's own nodes read it: `files[0].data`, `files["my clip"]`. */
const PATH_PART = /[^.[\]"']+|\[(["'])(.*?)\1\]/g;

/** Longer text is no name, but perhaps the file itself. */
const MAX_NAME = 1000;

/** The binary object that a value is, or the one for bytes that a Code node left in its place. */
const asFile = (value: unknown): IDataObject | undefined =>
	bytesIn(value) !== undefined ? { data: value as IDataObject } : isObject(value) ? value : undefined;

/** Whether an object in the JSON is a binary object, by n8n's own rule. */
const isBinaryValue = (value: unknown): value is IDataObject =>
	isObject(value) && Object.hasOwn(value, 'mimeType') && (Object.hasOwn(value, 'id') || Object.hasOwn(value, 'data'));

const own = (from: unknown, key: string): unknown =>
	typeof from === 'object' && from !== null && Object.hasOwn(from, key) ? (from as IDataObject)[key] : undefined;

/** The value at a path; a field whose name looks like a path comes first. */
function at(from: unknown, path: string): unknown {
	const direct = own(from, path);
	if (direct !== undefined || path.length > MAX_NAME) return direct;
	return [...path.matchAll(PATH_PART)].reduce((value: unknown, [part, , quoted]) => own(value, quoted ?? part), from);
}

/** A text from outside, short enough for a message. */
const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function missing(field: string, there: string[]): InvalidInput {
	if (field === '') return new InvalidInput(`"${NAME}" is empty`, 'Put in the name of the field that holds the video, e.g. data.');
	if (field.includes('[object ')) {
		return new InvalidInput(`"${NAME}" is "${shown(field)}", which is an object turned into text`, 'Put nothing before or after the {{ }} of the expression.');
	}
	return new InvalidInput(
		`"${NAME}" names the field "${shown(field)}", but the item has no binary file there`,
		there.length > 0
			? `The item has: ${there.map(shown).join(', ')}. Put one of these into "${NAME}".`
			: 'The item has no binary files at all. Put a node before this one that reads or downloads the video, or set "Input Type" to URL.',
	);
}

/**
 * The binary object of an item: the parameter itself, the item's binary field of that name, or what a path leads to in
 * the item's JSON, where n8n keeps files in the combined binary mode.
 */
function binaryOf(context: IExecuteFunctions, parameters: ItemParameters, itemIndex: number): IDataObject {
	const given = parameters.get(BINARY_FIELD);
	const givenFile = asFile(given);
	if (givenFile) {
		if (['id', 'data', 'mimeType'].some((key) => Object.hasOwn(givenFile, key))) return givenFile;
		throw new InvalidInput(
			`"${NAME}" is an object without a file: it has neither "id" nor "data"`,
			`Put the name of the binary field into "${NAME}", or the binary object itself, e.g. {{ $binary.data }}.`,
		);
	}
	const field = asText(given, NAME);
	const { binary, json } = context.getInputData()[itemIndex] ?? {};
	const inField = own(binary, field);
	const inFiles = own(json, FILES_IN_JSON);
	const inJson = [at(json, field), own(inFiles, field)].find(isBinaryValue);
	const isCombined = context.getWorkflowSettings?.()?.binaryMode === 'combined';
	const file = isCombined ? (inJson ?? asFile(inField)) : (asFile(inField) ?? inJson);
	if (file) return file;
	if (inField !== undefined && inField !== null) {
		throw new InvalidInput(
			`"${NAME}" names the field "${shown(field)}", which is ${Array.isArray(inField) ? 'a list' : `of the type ${typeof inField}`}, not a binary object`,
			'Keep the whole binary object as the node before gave it, or make one with this.helpers.prepareBinaryData() in a Code node.',
		);
	}
	throw missing(field, [binary, inFiles].filter(isObject).flatMap((files) => Object.keys(files)));
}

/**
 * Finds the binary file of an item, in both of n8n's binary modes, and checks that it may be a video.
 * @returns the binary object too, which n8n needs to make a link
 * @throws InvalidInput saying what is wrong with it
 */
export async function findBinaryFile(
	context: IExecuteFunctions,
	parameters: ItemParameters,
	itemIndex: number,
): Promise<BinaryFile & { binary: IDataObject }> {
	const binary = binaryOf(context, parameters, itemIndex);
	const found = await findBinary(context, binary).catch((error: Error) => error);
	if (!(found instanceof Error)) return { ...found, binary };
	if (found instanceof UnusableFile) throw new InvalidInput(`The file in "${NAME}" ${found.message}`, found.hint);
	throw new InvalidInput(
		`The file in "${NAME}" cannot be found in n8n's binary store: ${found.message}`,
		'Run the node before this one again. In queue mode all processes of n8n must share one binary store.',
	);
}
