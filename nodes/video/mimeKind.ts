/** MIME types that are no video, and what they are; the first that matches counts. */
const KINDS: ReadonlyArray<readonly [kind: string, types: RegExp]> = [
	['a web page', /^(?:text\/html|application\/xhtml\+xml)$/],
	['a playlist', /mpegurl$|^application\/dash\+xml$/],
	['an image', /^image\//],
	['an audio file', /^audio\//],
	['JSON data', /^(?:application|text)\/(?:.+\+|x-)?(?:json|ndjson)$/],
	['an XML document', /^(?:application|text)\/(?:.+\+)?xml$/],
	['a text file', /^text\/|^application\/(?:rtf|javascript|x-javascript|x-sh|x-subrip|yaml|x-yaml|toml|sql)$/],
	['a font', /^font\/|^application\/(?:x-)?font-/],
	['a PDF document', /^application\/(?:x-)?pdf$/],
	['a document', /^application\/(?:postscript|epub\+zip)$/],
	['a disk image', /^application\/(?:x-)?(?:iso9660-image|apple-diskimage)$/],
	['a database', /^application\/(?:vnd\.sqlite3|x-sqlite3)$/],
	['an archive', /^application\/(?:x-)?(?:zip|zip-compressed|gzip|tar|gtar|7z-compressed|rar|rar-compressed|vnd\.rar|bzip2?|xz|zstd|java-archive)$/],
	['an Office document', /^application\/(?:msword|vnd\.(?:openxmlformats-|oasis\.opendocument\.|ms-(?:excel|powerpoint|word|outlook)))/],
	['a program', /^application\/(?:x-msdownload|x-msdos-program|x-executable|x-elf|x-mach-binary|vnd\.microsoft\.portable-executable|vnd\.android\.package-archive|wasm)$/],
	['a message', /^message\//],
];

/** Types that also stand for unknown files: n8n's own default, and what ".ts" (MPEG-TS) gives in older MIME tables. */
const VAGUE = /^text\/(?:plain|vnd\.trolltech\.linguist)$/;

/**
 * What a file is by its MIME type, when that says that it is no video.
 * @param isText whether the file's first bytes are text
 */
export function mimeKind(mimeType: string, isText: boolean): { kind: string; type: string } | undefined {
	const type = (mimeType.split(';')[0] ?? '').trim().toLowerCase();
	if (VAGUE.test(type) && !isText) return undefined;
	const kind = KINDS.find(([, types]) => types.test(type))?.[0];
	return kind === undefined ? undefined : { kind, type: type.slice(0, 60) };
}
