import type { RequestBody, Upload } from '../../../nodes/hidream/upload';
import { strictDouble } from './strictDouble';

/** A body whose progress is in the test's hands. */
export class HandBody {
	progress = 0;

	handedOver = false;

	unreadable: string | undefined;

	opened = 0;

	closed = 0;

	readonly body: RequestBody;

	constructor(length = 100) {
		this.body = { length, open: () => this.open() };
	}

	private open(): Upload {
		this.opened += 1;
		return strictDouble<Upload>('upload', {
			data: 'the body',
			progress: () => this.progress,
			handedOver: () => this.handedOver,
			unreadable: () => this.unreadable,
			close: () => {
				this.closed += 1;
			},
		});
	}
}
