import { Refusal } from '../responses';
import { isHttpUrl } from '../httpUrl';
import { Base64Reader } from './base64Reader';
import { TextField } from './textField';

/** The video of a task: its URL, a digest of its bytes, or the size of a whole body that was only counted. */
export type VideoInput =
	| { kind: 'url'; url: string }
	| { kind: 'base64'; bytes: number; sha256: string }
	| { kind: 'counted'; bytes: number };

/** Number of characters that tell `https://` from base64, which has no colon. */
const HEAD_CHARS = 'https://'.length;
const MAX_URL_CHARS = 8 * 1024;

/** Reads `video_name` as it arrives. */
export class VideoField {
	private head = '';
	private sink: TextField | Base64Reader | undefined;

	write(piece: string): void {
		if (this.sink !== undefined) {
			this.sink.write(piece);
			return;
		}
		this.head += piece;
		if (this.head.length >= HEAD_CHARS) this.open();
	}

	/** Throws a `Refusal` if it is neither a URL nor base64. */
	end(): VideoInput {
		if (this.head === '') throw new Refusal('missingVideo');
		// LIKELY: HiDream accepts bare base64, without the prefix of a data URL.
		if (this.head.startsWith('data:')) throw new Refusal('badVideo', 'no data: prefix');
		const sink = this.sink ?? this.open();
		if (sink instanceof TextField) {
			const url = sink.end();
			if (url === undefined) throw new Refusal('tooLong', 'video_name');
			if (!isHttpUrl(url)) throw new Refusal('badVideo', 'URL');
			return { kind: 'url', url };
		}
		const video = sink.end();
		if (video === undefined) throw new Refusal('badVideo', 'base64');
		return { kind: 'base64', ...video };
	}

	private open(): TextField | Base64Reader {
		const sink = /^https?:\/\//i.test(this.head) ? new TextField(MAX_URL_CHARS) : new Base64Reader();
		sink.write(this.head);
		this.sink = sink;
		return sink;
	}
}
