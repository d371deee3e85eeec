import { URL_MESSAGES, type UrlError } from '../shared/messages/aboutVideos';
import { expiryOf } from './signedUrl';
import { readWebUrl } from './webUrl';

/**
 * Which URLs are definitely not the URL of a video file. Only known pages are listed: any other URL is accepted. The sites' URL
 * formats are LIKELY: they come from public links and can change.
 */

export type VideoUrl = { ok: true; text: string; expiresAt?: number } | UrlError;

/** Hosts that only serve pages, without `www.` and similar prefixes. */
const PAGE_HOSTS: ReadonlySet<string> = new Set(
	[
		'youtube.com youtube-nocookie.com youtu.be vimeo.com dailymotion.com dai.ly streamable.com rumble.com odysee.com twitch.tv clips.twitch.tv player.twitch.tv',
		'kick.com instagram.com instagr.am facebook.com fb.watch fb.com x.com twitter.com t.co threads.net threads.com snapchat.com pinterest.com pin.it reddit.com',
		'old.reddit.com redd.it imgur.com t.me telegram.me linkedin.com bsky.app vm.tiktok.com vt.tiktok.com bilibili.com player.bilibili.com b23.tv v.douyin.com',
		'kuaishou.com v.kuaishou.com xiaohongshu.com xhslink.com weibo.com weibo.cn youku.com v.youku.com v.qq.com iqiyi.com ixigua.com nicovideo.jp',
		'rutube.ru photos.google.com photos.app.goo.gl share.icloud.com 1drv.ms wetransfer.com we.tl mega.nz mega.io mega.co.nz pan.baidu.com yun.baidu.com pan.quark.cn',
		'alipan.com aliyundrive.com disk.yandex.com disk.yandex.ru yadi.sk gofile.io app.frame.io f.io share.descript.com share.vidyard.com console.aws.amazon.com',
		's3.console.aws.amazon.com studio.youtube.com consent.youtube.com l.facebook.com lnkd.in share.weiyun.com cloud.189.cn u.pcloud.link acfun.cn mp.weixin.qq.com',
		'space.bilibili.com live.bilibili.com 123pan.com channels.weixin.qq.com sora.chatgpt.com console.cloud.google.com portal.azure.com',
		'iframe.videodelivery.net iframe.mediadelivery.net',
	].flatMap((line) => line.split(' ')),
);

const VIDEO_EXTENSION = '\\.(?:mp4|m4v|mov|webm|mkv|avi|mpe?g|wmv|flv|f4v|3gp|3g2|m?ts|m2ts|ogv|vob|asf|mxf)';
const VIDEO_FILE = new RegExp(`${VIDEO_EXTENSION}$`, 'i');

/** What cloud drives and download tools add to the name of a copy. */
const COPY = `["'”」』]?[ -]*(?:\\(\\d+\\)|copy|的?副本|のコピー|의 사본)(?:$|/)`;

/** Text after a file name, such as `cat.mp4 please make it anime` from a chat, or `cat.mp4,anime`. `cat.mp4 2.mp4` is a file name. */
const TEXT_AFTER_FILE = new RegExp(`${VIDEO_EXTENSION}(?!${COPY})(?:[!-$&-.:-@[-^\`{-~]*[^!-~]|["<>|]|[,;][a-z]+(?![\\w.]*=))(?!.*${VIDEO_EXTENSION}$)`, 'i');

/** Parameters that hold a name, which may contain anything. The other ones of a signed URL have no white space and no other characters than ASCII. */
const FREE_TEXT = /^(?:response-|rsc[dt]=|download|attname|file_?name|title|name)/i;

/** A file name with a "#" or "?" that is not percent-encoded: HiDream would request what is before it. */
const CUT_NAME = new RegExp(`\\s[^?#]*[?#][^=&]*${VIDEO_EXTENSION}$`, 'i');

type Direct = (url: URL, found: RegExpExecArray) => string | undefined;

const driveFile = (id: string | null | undefined): string | undefined =>
	id ? `https://drive.google.com/uc?export=download&id=${id}` : undefined;

/** `url` with one query parameter set, and the others unchanged. */
function withParameter(url: URL, name: string, value: string): string {
	const others = url.search.slice(1).split('&').filter((part) => part !== '' && part.split('=')[0] !== name);
	return `${url.origin}${url.pathname}?${[...others, `${name}=${value}`].join('&')}`;
}

const replaced = (from: string, to: string): Direct => (url) => url.href.replace(from, to);

/** Hosts that serve pages and files: which paths and queries are pages, and the direct link if it can be derived. */
const PAGES: ReadonlyArray<readonly [host: RegExp, page: RegExp, direct?: Direct]> = [
	[/^(drive|docs)\.google\.com$/, /^\/(?:a\/[^/]+\/)?file\/(?:u\/\d+\/)?d\/([\w-]+)/, (_, found) => driveFile(found[1])],
	[/^(drive|docs)\.google\.com$/, /^\/(?:a\/[^/]+\/)?(?:open|leaf)\b/, (url) => driveFile(url.searchParams.get('id'))],
	[/^(drive|docs)\.google\.com$/, /^\/(?:a\/[^/]+\/)?(?:drive|document|presentation|spreadsheets|forms|videos|folderview)\b/],
	[/^drive\.(usercontent\.)?google\.com$/, /^\/(?:uc|download)\?(?!.*\bid=[\w-]+(?:&|$))/],
	[/^storage\.cloud\.google\.com$/, /^\/./, (url) => `https://storage.googleapis.com${url.pathname}`],
	[/^google\.[a-z.]+$/, /^\/url\?/, (url) => url.searchParams.get('url') ?? url.searchParams.get('q') ?? undefined],
	[/^google\.[a-z.]+$/, /^\/(search|photos)\b/],
	[/^dropbox\.com$/, /^\/(?:s(?!\/dl\/)|scl\/fi)\/(?!.*[?&](?:dl|raw)=1(?:&|$))/, (url) => withParameter(url, 'dl', '1')],
	[/^dropbox\.com$/, /^\/(?:scl\/fo|sh|home|preview|t|l|transfer|request|work|personal)\/(?!.*[?&](?:dl|raw)=1(?:&|$))/],
	[/^onedrive\.live\.com$/, /^\/(?:embed|redir)\b/, (url) => url.href.replace(/\/(?:embed|redir)\b/, '/download')],
	[/^onedrive\.live\.com$/, /^(?!\/download\b)/],
	[/\.sharepoint\.(com|cn|us)$/, /^\/:[a-z]:\/(?!.*[?&]download=1(?:&|$))/i, (url) => withParameter(url, 'download', '1')],
	[/\.sharepoint\.(com|cn|us)$/, /\/_layouts\/15\/(?:stream|onedrive|doc|wopiframe)\.aspx/i],
	[/^icloud\.com(\.cn)?$/, /^\/(?:iclouddrive|sharedalbum|photos|attachment)\b/],
	[/(^|\.)box\.com$/, /^\/(?:s|v|file|folder|embed)\//],
	[/^player\.vimeo\.com$/, /^\/video\//],
	[/^(t\.)?tiktok\.com$/, /^\/(?:@|t\/|v\/|embed|share|discover|tag\/|$)/],
	[/^douyin\.com$/, /^\/(?:video|user|note|share|discover|jingxuan|search|$)/],
	[/^loom\.com$/, /^\/(?:share|embed)\//],
	[/^v\.redd\.it$/, /^\/\w+\/?(?:\?|$)/],
	[/^giphy\.com$/, /^\/(?:gifs|clips|embed|stickers)\/(?:[^/?]*-)?(\w+)/, (_, found) => `https://media.giphy.com/media/${found[1]}/giphy.mp4`],
	[/^tenor\.com$/, /^\/(?:[a-z-]+\/)?view\//i],
	[/^archive\.org$/, /^\/(?:details|embed)\//],
	[/^vk\.(com|ru)$/, /^\/(?:video|clip|wall)/],
	[/^pexels\.com$/, /^\/(?:[a-z]{2}-[a-z]{2}\/)?video\/(?!.*\/download\b)/],
	[/^mediafire\.com$/, /^\/(?:file|view|folder)\//],
	[/(^|\.)zoom\.us$/, /^\/rec\/(?:share|play)\//],
	[/(^|\.)wistia\.(com|net)$/, /^\/(?:medias|embed\/iframe)\//],
	[/^((ptb|canary)\.)?discord\.com$/, /^\/channels\//],
	[/^github\.com$/, /^\/[^/]+\/[^/]+\/blob\/(?!.*[?&]raw=(?:1|true))/, replaced('/blob/', '/raw/')],
	[/^gitlab\.com$/, /\/-\/blob\//, replaced('/-/blob/', '/-/raw/')],
	[/^bitbucket\.org$/, /^\/[^/]+\/[^/]+\/src\//, replaced('/src/', '/raw/')],
	[/^gitee\.com$/, /\/blob\//, replaced('/blob/', '/raw/')],
	[/(^|\.)wiki(media|pedia)\.org$/, /^\/wiki\/File:/],
	[/^pixabay\.com$/, /^\/(?:[a-z]{2}\/)?videos\//],
	[/^i\.imgur\.com$/, /\.gifv$/, (url) => url.href.replace(/\.gifv\b/, '.mp4')],
	[/(^|\.)ok\.ru$/, /^\/video\//],
	[/^iesdouyin\.com$/, /^\/(?!aweme\/v1\/play)/],
	[/^video\.weibo\.com$/, /^\/(?!media\/play)/],
	[/^tmpfiles\.org$/, /^\/\d+\//, replaced('tmpfiles.org/', 'tmpfiles.org/dl/')],
	[/\.console\.aws\.amazon\.com$/, /^/],
	[/^huggingface\.co$/, /\/blob\//, replaced('/blob/', '/resolve/')],
];

/** URLs that only work with the header of a login, which HiDream does not send: the triggers and nodes of these services return them. */
const NEEDS_LOGIN: ReadonlyArray<readonly [host: RegExp, path: RegExp]> = [
	[/(^|\.)slack\.com$/, /^\/(?:files|archives|files-(?:pri|tmb))\/(?!.*[?&](?:pub_secret|t)=)/],
	[/^(?:lookaside\.fbsbx\.com|open\.feishu\.cn|open\.larksuite\.com|api-data\.line\.me)$/, /^\/(?:whatsapp_business|open-apis|v2\/bot)\//],
	[/^graph\.microsoft\.com$/, /^\/(?!.*access_token=)/],
	[/^(?:www\.)?googleapis\.com$/, /^\/drive\/v\d\/files\/(?!.*[?&](?:key|access_token)=)/],
];

/** Whether `url` is a page, with the direct link to the file if it can be derived. */
function findSharePage(url: URL): { host: string; direct?: string } | undefined {
	const host = url.hostname.replace(/^(www|m|mobile|web|mbasic|music)\.|\.$/g, '');
	if (PAGE_HOSTS.has(host)) return VIDEO_FILE.test(url.pathname) ? undefined : { host };
	for (const [hosts, page, direct] of PAGES) {
		const found = hosts.test(host) ? page.exec(url.pathname + url.search) : null;
		if (found) return { host, direct: direct?.(url, found) };
	}
	return undefined;
}

/** File extensions that are not videos. A `gif` is an image, and a playlist contains no video. */
const OTHER_FILES: ReadonlyArray<readonly [ending: RegExp, kind: string]> = [
	[/\.(html?|xhtml)$/i, 'a web page'],
	[/\.(jpe?g|png|gif|webp|bmp|tiff?|svg|ico|heic|avif)$/i, 'an image'],
	[/\.(mp3|wav|m4a|aac|flac)$/i, 'an audio file'],
	[/\.(m3u8?|mpd)$/i, 'a playlist'],
	[/\.(zip|rar|7z|tar|t?gz|bz2|xz)$/i, 'an archive'],
	[/\.(pdf|docx?|xlsx?|pptx?|txt|md|csv|json|xml|srt|vtt)$/i, 'a document'],
];

/** Signs that the server sends another file than the path says, for example an image service that converts to video. */
const CONVERTED = /(?<![a-z0-9])(mp4|webm|mov)\b|video(\/|%2f)|(format|type|disposition)=/i;

/** The kind of file that the path of `url` names, if it is definitely not a video. */
function otherFile({ pathname, search }: URL): string | undefined {
	if (CONVERTED.test(search) || /[/,:][a-z]+[_-](mp4|webm|mov|video|auto:video)\b/i.test(pathname)) return undefined;
	return OTHER_FILES.find(([ending]) => ending.test(pathname))?.[1];
}

/**
 * Reads the one URL in `value`, and rejects it if HiDream cannot fetch a video from it. Does not reject an expired
 * URL, because the time of the request is not known yet: see `isExpired`.
 */
export function readVideoUrl(value: unknown, sameMachine: boolean): VideoUrl {
	const read = readWebUrl(value, sameMachine);
	if (!read.ok) return read;
	const { url, text, entered } = read;
	const page = findSharePage(url);
	if (page) return { ok: false, error: page.direct ? URL_MESSAGES.pageWithDirectLink(page.host, page.direct) : URL_MESSAGES.page(page.host) };
	if (NEEDS_LOGIN.some(([host, from]) => host.test(url.hostname) && from.test(url.pathname + url.search))) return { ok: false, error: URL_MESSAGES.needsLogin(url.hostname) };
	const other = otherFile(url);
	if (other !== undefined) return { ok: false, error: URL_MESSAGES.otherFile(other) };
	const expiresAt = expiryOf(url);
	const [path = '', ...query] = entered.split(/[?#&]/);
	if (/\/\.\w+$/.test(path) && VIDEO_FILE.test(path)) return { ok: false, error: URL_MESSAGES.noName };
	if (CUT_NAME.test(entered)) return { ok: false, error: URL_MESSAGES.cutName };
	const hasText = expiresAt !== undefined && query.some((parameter) => /[^!-~]/.test(parameter) && !FREE_TEXT.test(parameter));
	if (hasText || TEXT_AFTER_FILE.test(path)) return { ok: false, error: URL_MESSAGES.textAfterUrl };
	return { ok: true, text, expiresAt };
}
