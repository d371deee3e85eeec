import { isReachableHost } from './hosts';

/**
 * Why HiDream could not use `text` as a URL, or undefined when nothing speaks against it.
 * @param sameMachine the service runs on this machine (a loopback base URL), and reaches its loopback hosts
 */
export function unusableUrl(text: string, sameMachine: boolean): string | undefined {
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return 'is not a URL';
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'does not begin with https:// or http://';
	if (!isReachableHost(url.hostname, sameMachine)) {
		return `points to ${url.hostname}, which HiDream cannot reach from the internet`;
	}
	return undefined;
}
