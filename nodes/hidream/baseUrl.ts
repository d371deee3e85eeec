import { isLoopbackHost } from './hosts';

export type BaseUrl = { ok: true; url: string; loopback: boolean } | { ok: false; reason: string };

/**
 * Reads the credential's "Base URL". The token travels to this host, so only https is taken, and plain
 * http only on this machine. Gives the URL without a trailing slash, or the reason against it.
 */
export function parseBaseUrl(text: string): BaseUrl {
	let url: URL;
	try {
		url = new URL(text.trim());
	} catch {
		return { ok: false, reason: 'it is not a URL; it should look like https://www.hidreamai.com' };
	}
	const loopback = isLoopbackHost(url.hostname);
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
		return {
			ok: false,
			reason: 'it must begin with https://, since the token is sent there (plain http only works for this machine itself, such as http://localhost)',
		};
	}
	if (url.username !== '' || url.password !== '') {
		return { ok: false, reason: 'it must not contain a user name or password' };
	}
	if (url.search !== '' || url.hash !== '') {
		return { ok: false, reason: 'it must end with the host or path, without "?" or "#"' };
	}
	return { ok: true, url: url.origin + url.pathname.replace(/\/+$/, ''), loopback };
}
