/** A recorded response of the real service, without secrets. */
export interface RecordedResponse {
	status: number;
	headers: Record<string, string>;
	/** JSON as a value, anything else as text. */
	body: unknown;
}

/** The result of one question: a response, a finding, or why it was skipped. */
export type Recorded =
	| { asked: true; agrees: boolean; says: string; found?: string | number; answer?: RecordedResponse }
	| { asked: false; why: string };

/** What `npm run check:live` found out about a service, by the name of the question. */
export interface Recording {
	/** ISO 8601. */
	recordedAt: string;
	baseUrl: string;
	answers: Record<string, Recorded>;
}
