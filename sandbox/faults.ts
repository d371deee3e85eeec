export const ENDPOINTS = ['submit', 'result', 'batch', 'exchange', 'video'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** One fault. `create` decides whether a submit creates its task before the fault. */
export type Fault =
	/** Any status; a text `body` is sent unchanged (HTML if it starts with `<`), an object as JSON. No task. */
	| {
			type: 'status';
			status: number;
			body?: string | object;
			headers?: Record<string, string>;
			/** Respond as soon as the headers have arrived, or (default) after the whole body. */
			after?: 'headers' | 'body';
	  }
	/** A JSON response with this `code`. No task. */
	| { type: 'code'; code: number | string; message?: string; status?: number }
	| { type: 'notJson'; status?: number; create?: boolean }
	| { type: 'empty'; status?: number; create?: boolean }
	/** Code 0 without `task_id`; the task exists unless `create` is false. */
	| { type: 'noTaskId'; create?: boolean }
	/** TCP reset. `during` waits for `bytes` (1) of the body; only `afterAccept` creates a task. */
	| { type: 'reset'; when: 'before' | 'during' | 'afterBody' | 'afterAccept'; bytes?: number }
	/** No response until the server closes. */
	| { type: 'silence'; create?: boolean }
	/** Reads the body and sends videos at `bytesPerSecond`, and responds normally after `delayMs`. */
	| { type: 'slow'; delayMs?: number; bytesPerSecond?: number }
	/** The task exists, and the response denies it. */
	| { type: 'acceptThenStatus'; status: number; body?: string | object; headers?: Record<string, string> }
	/** The normal response, its `code` as text. */
	| { type: 'textCode' }
	/** Half of the normal response: a complete HTTP response with half a body (default), or a connection that breaks. */
	| { type: 'truncated'; cut?: 'text' | 'connection' };

const FAULT_TYPES: readonly string[] = [
	'status', 'code', 'notJson', 'empty', 'noTaskId', 'reset', 'silence', 'slow', 'acceptThenStatus', 'textCode', 'truncated',
] satisfies Array<Fault['type']>;

export interface FaultRule {
	on: Endpoint | 'any';
	/** Number of affected requests: 1 by default; `Infinity` (`null` in JSON) = all. */
	times?: number | null;
	/** Number of matching requests that pass first. */
	skip?: number;
	fault: Fault;
}

/** The requested faults that are still pending. */
export class Faults {
	private rules: Array<{ on: FaultRule['on']; times: number; skip: number; fault: Fault }> = [];

	/** Adds a fault; the earliest matching rule applies. */
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

/** Parses a rule from JSON; throws a `TypeError` that names what is wrong. */
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
