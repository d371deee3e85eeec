import { isLoopbackHost } from './hosts';

export type BaseUrl = { ok: true; url: string; loopback: boolean } | { ok: false; reason: string };

/**
 * Reads the credential's "Base URL". The token travels to this host, so only https is taken, and plain
 * http only on this machine. Gives the URL in its one normal form (host in lower case and without a final dot, no default
 * port, no trailing slash), since an account is known by it; or the reason against it.
 */
export function parseBaseUrl(text: string): BaseUrl {
	let url: URL;
	try {
		url = new URL(text.trim());
	} catch {
		return { ok: false, reason: 'it is not a URL; it should look like https://www.hidreamai.com' };
	}
	// The final dot of a full domain name makes no other host.
	if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
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
