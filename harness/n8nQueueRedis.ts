import { once } from 'node:events';
import { connect } from 'node:net';

/** Time limit of Redis, in milliseconds. */
const timeoutMs = 10_000;

/** A command in Redis's protocol: the number of its words, then each word with its length in bytes. */
const encode = (words: string[]): string =>
	[`*${words.length}`, ...words.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]), ''].join('\r\n');

/** The commands before the first one: the login, and the number of the database. */
function greeting({ username, password, pathname }: URL): string[][] {
	const user = username === '' ? [] : [decodeURIComponent(username)];
	const auth = password === '' ? [] : [['AUTH', ...user, decodeURIComponent(password)]];
	return [...auth, ['SELECT', pathname.slice(1) || '0']];
}

/**
 * Sends one command with a single-line response, and returns that line.
 *
 * @param address `redis://[user:password@]host[:port][/number]`
 * @throws if Redis does not respond, or responds with an error
 */
export async function redisCommand(address: URL, ...command: string[]): Promise<string> {
	const commands = [...greeting(address), command];
	const socket = connect(Number(address.port || 6379), address.hostname);
	socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`Redis at ${address.host} does not respond.`)));
	try {
		await once(socket, 'connect');
		socket.setEncoding('utf8').write(commands.map(encode).join(''));
		let text = '';
		for await (const chunk of socket) {
			text += String(chunk);
			const responses = text.split('\r\n').slice(0, -1);
			const refusal = responses.find((response) => response.startsWith('-'));
			if (refusal !== undefined) throw new Error(`Redis at ${address.host} responds with: ${refusal}`);
			if (responses.length >= commands.length) return responses[commands.length - 1] ?? '';
		}
		throw new Error(`Redis at ${address.host} closed the connection.`);
	} finally {
		socket.destroy();
	}
}

/** Runs a script for every key with the prefix; returns the number of keys. */
const overKeys = (doThis: string): string => `
local cursor = '0'
local count = 0
repeat
	local page = redis.call('SCAN', cursor, 'MATCH', ARGV[1], 'COUNT', 1000)
	cursor = page[1]
	for _, key in ipairs(page[2]) do
		count = count + 1
		${doThis}
	end
until cursor == '0'
return count`.trim();

async function onKeys(address: URL, prefix: string, doThis: string): Promise<number> {
	const response = await redisCommand(address, 'EVAL', overKeys(doThis), '0', `${prefix}*`);
	if (!/^:\d+$/.test(response)) throw new Error(`Redis at ${address.host} responds with: ${response}`);
	return Number(response.slice(1));
}

/** The number of keys with the prefix. */
export async function countKeys(address: URL, prefix: string): Promise<number> {
	return await onKeys(address, prefix, '');
}

/** Removes every key with the prefix. */
export async function removeKeys(address: URL, prefix: string): Promise<void> {
	await onKeys(address, prefix, 'redis.call(\'DEL\', key)');
}
