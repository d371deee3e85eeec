export const ENDPOINTS = ['submit', 'result', 'batch', 'exchange', 'video'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** One misbehaviour. `create` says whether a submit still makes its task before it misbehaves. */
export type Fault =
	/** Any status; `body` text is sent as it is (HTML when it starts with `<`), an object as JSON. No task. */
	| {
			type: 'status';
			status: number;
			body?: string | object;
			headers?: Record<string, string>;
			/** Answer as soon as the headers are in, or (default) when the whole body is. */
			after?: 'headers' | 'body';
	  }
	/** A JSON answer with this `code`. No task. */
	| { type: 'code'; code: number | string; message?: string; status?: number }
	| { type: 'notJson'; status?: number; create?: boolean }
	| { type: 'empty'; status?: number; create?: boolean }
	/** Code 0 without `task_id`; the task exists unless `create` is false. */
	| { type: 'noTaskId'; create?: boolean }
	/** TCP reset. `during` waits for `bytes` (1) of the body; only `afterAccept` makes a task. */
	| { type: 'reset'; when: 'before' | 'during' | 'afterBody' | 'afterAccept'; bytes?: number }
	/** No answer until the stand-in closes. */
	| { type: 'silence'; create?: boolean }
	/** Takes the body in and sends videos out at `bytesPerSecond`, answers `delayMs` late, and is normal otherwise. */
	| { type: 'slow'; delayMs?: number; bytesPerSecond?: number }
	/** The task exists, and the answer says otherwise. */
	| { type: 'acceptThenStatus'; status: number; body?: string | object; headers?: Record<string, string> }
	/** The normal response, its `code` as text. */
	| { type: 'textCode' }
	/** Half of the normal answer: a whole HTTP answer with half a text (default), or a connection that breaks half-way. */
	| { type: 'truncated'; cut?: 'text' | 'connection' };

const FAULT_TYPES: readonly string[] = [
	'status', 'code', 'notJson', 'empty', 'noTaskId', 'reset', 'silence', 'slow', 'acceptThenStatus', 'textCode', 'truncated',
] satisfies Array<Fault['type']>;

export interface FaultRule {
	on: Endpoint | 'any';
	/** How many requests it hits: 1 unless told; `Infinity` (`null` in JSON) = every one. */
	times?: number | null;
	/** How many matching requests pass unharmed first. */
	skip?: number;
	fault: Fault;
}

/** The faults that were asked for and have not all happened yet. */
export class Faults {
	private rules: Array<{ on: FaultRule['on']; times: number; skip: number; fault: Fault }> = [];

	/** Asks for a fault; earlier rules win where two hit the same request. */
	add({ on, times = 1, skip = 0, fault }: FaultRule): void {
		this.rules.push({ on, times: times ?? Infinity, skip, fault });
	}

	clear(): void {
		this.rules = [];
	}

	/** The fault for a request that arrives now, if any. Every matching rule counts the request towards its `skip`. */
	take(endpoint: Endpoint): Fault | undefined {
		let hit: Fault | undefined;
		for (const rule of this.rules) {
			if (rule.on !== 'any' && rule.on !== endpoint) continue;
			if (rule.skip > 0) rule.skip -= 1;
			else if (hit === undefined) {
				rule.times -= 1;
				hit = rule.fault;
			}
		}
		this.rules = this.rules.filter(({ times }) => times > 0);
		return hit;
	}
}

/** Reads a rule that came as JSON; throws a `TypeError` that names what is wrong with it. */
export function parseFaultRule(value: unknown): FaultRule {
	const rule = (typeof value === 'object' && value !== null ? value : {}) as Partial<FaultRule>;
	const targets: readonly unknown[] = [...ENDPOINTS, 'any'];
	if (!targets.includes(rule.on)) throw new TypeError(`"on" must be one of ${targets.join(', ')}`);
	const type: unknown = (rule.fault as { type?: unknown } | undefined)?.type;
	if (typeof type !== 'string' || !FAULT_TYPES.includes(type)) {
		throw new TypeError(`"fault.type" must be one of ${FAULT_TYPES.join(', ')}`);
	}
	return rule as FaultRule;
}
