import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isObject } from '../hidream/vendorJson';
import { UnusableFile } from '../video/fileKind';
import { bytesIn } from '../video/inlineData';
import { findBinary, type BinaryFile } from '../video/source';
import { asText, InvalidInput } from '../shared/input';
import { INPUT } from '../shared/messages/aboutInput';
import type { ItemParameters } from '../shared/nodeParameters';
import { BINARY_FIELD } from './parameters';

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
	if (field === '') return new InvalidInput(...INPUT.noBinaryField);
	if (field.includes('[object ')) return new InvalidInput(...INPUT.objectAsText(shown(field)));
	if (there.length === 0) return new InvalidInput(...INPUT.noBinaryFiles(shown(field)));
	return new InvalidInput(...INPUT.otherBinaryFiles(shown(field), there.map(shown).join(', ')));
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
		throw new InvalidInput(...INPUT.objectWithoutFile);
	}
	const field = asText(given, BINARY_FIELD.property.displayName);
	const { binary, json } = context.getInputData()[itemIndex] ?? {};
	const inField = own(binary, field);
	const inFiles = own(json, FILES_IN_JSON);
	const inJson = [at(json, field), own(inFiles, field)].find(isBinaryValue);
	const isCombined = context.getWorkflowSettings?.()?.binaryMode === 'combined';
	const file = isCombined ? (inJson ?? asFile(inField)) : (asFile(inField) ?? inJson);
	if (file) return file;
	if (inField !== undefined && inField !== null) throw new InvalidInput(...INPUT.notBinary(shown(field), inField));
	throw missing(field, [binary, inFiles].filter(isObject).flatMap((files) => Object.keys(files)));
}

/**
 * Finds the binary file of an item, in both of n8n's binary modes, and checks that it may be a video.
 * @returns the binary object too, which n8n needs to make a link
 * @throws InvalidInput saying what is wrong with it
 */
export async function findBinaryFile(context: IExecuteFunctions, parameters: ItemParameters, itemIndex: number): Promise<BinaryFile & { binary: IDataObject }> {
	const binary = binaryOf(context, parameters, itemIndex);
	const found = await findBinary(context, binary).catch((error: Error) => error);
	if (!(found instanceof Error)) return { ...found, binary };
	throw new InvalidInput(...(found instanceof UnusableFile ? INPUT.unusableFile(found.message, found.hint) : INPUT.fileNotFound(found.message)));
}
