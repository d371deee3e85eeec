import type { IHttpRequestOptions } from 'n8n-workflow';

/** A request body on its way out. A new one is opened for every try: a stream can be sent once. */
export interface Upload {
	/** What the HTTP client sends: text, or a Node.js stream. */
	data: IHttpRequestOptions['body'];
	/** Grows whenever bytes leave; never shrinks. */
	progress: () => number;
	/** Whether the last byte has been handed to the connection. */
	handedOver: () => boolean;
	/** Why the video could not be read, if that is what ended it. */
	unreadable: () => string | undefined;
	/** Lets go of the file behind it. */
	close: () => void;
}

export interface RequestBody {
	/** Exact length in bytes: the Content-Length. */
	length: number;
	open: () => Upload;
}
