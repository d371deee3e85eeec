import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import Parser from 'stream-json/Parser';
import { Refusal } from '../responses';
import { TextField } from './textField';
import { VideoField } from './videoField';

/** Maximum length of every field except the video, in characters. */
const MAX_FIELD_CHARS = 64 * 1024;
const MAX_KEY_CHARS = 256;

interface Token {
	name: string;
	value?: unknown;
}

/** A top-level value: its text, the video's own reader, or the name of a type that no field has. */
export type FieldValue = TextField | VideoField | { type: string };

/** Tokens that begin a value other than a string, and the type of that value. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
	startObject: 'object',
	startArray: 'array',
	startNumber: 'number',
	trueValue: 'boolean',
	falseValue: 'boolean',
	nullValue: 'null',
};

/**
 * Reads the body of a submit as it arrives: one flat JSON object, of which only short texts and the video's digest are kept.
 *
 * It also reads an invalid body to its end, so that the refusal reaches the client instead of a reset.
 */
export class SubmitReader extends Writable {
	/** The top-level fields in order of appearance; names may repeat. */
	readonly fields: Array<[name: string, value: FieldValue]> = [];
	private broken = false;
	private depth = 0;
	private key = '';
	private text: TextField | VideoField = new TextField(0);
	// Values are only streamed: packing them would keep the whole video.
	private readonly parser = new Parser({ packValues: false, streamValues: true });

	constructor() {
		super();
		this.parser.on('data', (token: Token) => this.take(token));
		this.parser.on('error', () => (this.broken = true));
	}

	/** The fields of a complete body; throws a `Refusal` if it was not a JSON object. */
	result(): ReadonlyArray<[name: string, value: FieldValue]> {
		if (this.broken) throw new Refusal('badJson');
		return this.fields;
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
		if (this.broken) done();
		else this.parser.write(chunk, () => done());
	}

	override _final(done: () => void): void {
		if (this.broken) {
			done();
			return;
		}
		finished(this.parser).then(done, () => {
			this.broken = true;
			done();
		});
		this.parser.end();
	}

	private take({ name, value }: Token): void {
		if (this.depth === 0 && name !== 'startObject') this.broken = true;
		if (name === 'stringChunk') {
			if (this.depth === 1) this.text.write(String(value));
		} else if (name === 'startKey') {
			if (this.depth === 1) this.text = new TextField(MAX_KEY_CHARS);
		} else if (name === 'endKey') {
			if (this.depth === 1) this.key = (this.text as TextField).end() ?? 'a very long name';
		} else {
			this.takeValue(name);
		}
	}

	private takeValue(name: string): void {
		if (this.depth === 1) {
			const type = OTHER_TYPES[name];
			if (type !== undefined) this.fields.push([this.key, { type }]);
			if (name === 'startString') {
				this.text = this.key === 'video_name' ? new VideoField() : new TextField(MAX_FIELD_CHARS);
				this.fields.push([this.key, this.text]);
			}
		}
		if (name === 'startObject' || name === 'startArray') this.depth += 1;
		if (name === 'endObject' || name === 'endArray') this.depth -= 1;
	}
}
