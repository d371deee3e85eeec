import { connectionOf, fieldsOf, NotSent, ProxyRefusal } from './connection';

/** The parts of an error that tell what happened on the wire; n8n wraps the HTTP client's error in its own. */
export interface Link {
	name: string;
	message: string;
	code: string;
	syscall: string;
	cause: unknown;
	/** One error for each address of a host that has several. */
	errors: unknown[];
	connection: ReturnType<typeof connectionOf>;
	/** What the proxy answered instead of HiDream. */
	proxyStatus: number | undefined;
	notSent: boolean;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const EMPTY: Link = {
	name: '',
	message: '',
	code: '',
	syscall: '',
	cause: undefined,
	errors: [],
	connection: undefined,
	proxyStatus: undefined,
	notSent: false,
};

/** Reads an error; whatever was thrown, this does not throw. */
function linkOf(value: unknown): Link {
	try {
		const { name, message, code, syscall, cause, errors, request } = fieldsOf(value);
		return {
			name: textOf(name),
			message: textOf(message),
			code: textOf(code),
			syscall: textOf(syscall),
			cause,
			errors: Array.isArray(errors) ? [...(errors as unknown[])] : [],
			connection: connectionOf(request),
			proxyStatus: value instanceof ProxyRefusal ? value.status : undefined,
			notSent: value instanceof NotSent,
		};
	} catch {
		return EMPTY;
	}
}

const MAX_LINKS = 32;

/** An error and its causes, the outer one first. Never throws. */
export function chainOf(error: unknown): Link[] {
	const chain: Link[] = [];
	for (let next = error; next !== undefined && chain.length < MAX_LINKS; next = chain.at(-1)?.cause) chain.push(linkOf(next));
	return chain;
}

/** The first thing that `find` finds. */
export const firstOf = <T>(links: Link[], find: (link: Link) => T | undefined): T | undefined => {
	for (const link of links) {
		const found = find(link);
		if (found !== undefined) return found;
	}
	return undefined;
};
