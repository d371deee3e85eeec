import { isPrivateHost } from './hosts';

/**
 * Why HiDream could not use `text` as a URL, or undefined when nothing speaks against it.
 * @param sameMachine the service runs on this machine itself (a loopback base URL), and reaches private hosts
 */
export function unusableUrl(text: string, sameMachine: boolean): string | undefined {
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return 'is not a URL';
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'does not begin with https:// or http://';
	if (!sameMachine && isPrivateHost(url.hostname)) {
		return `points to ${url.hostname}, which HiDream cannot reach from the internet`;
	}
	return undefined;
}
