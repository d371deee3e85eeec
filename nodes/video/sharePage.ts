/**
 * Pages that show or share a video and are not the file itself. Only known pages stand here: any other URL passes. The
 * sites' URL formats are LIKELY: read off their public links, and they may change.
 */

/** Hosts that serve pages and no files, with and without `www.` and the like. */
const PAGE_HOSTS: ReadonlySet<string> = new Set(
	[
		'youtube.com youtube-nocookie.com youtu.be vimeo.com dailymotion.com dai.ly streamable.com rumble.com odysee.com twitch.tv clips.twitch.tv',
		'player.twitch.tv kick.com instagram.com instagr.am facebook.com fb.watch fb.com x.com twitter.com t.co threads.net threads.com snapchat.com',
		'pinterest.com pin.it reddit.com old.reddit.com redd.it imgur.com t.me telegram.me linkedin.com bsky.app vm.tiktok.com vt.tiktok.com',
		'bilibili.com player.bilibili.com b23.tv v.douyin.com iesdouyin.com kuaishou.com v.kuaishou.com xiaohongshu.com xhslink.com weibo.com weibo.cn',
		'youku.com v.youku.com v.qq.com iqiyi.com ixigua.com nicovideo.jp rutube.ru photos.google.com photos.app.goo.gl share.icloud.com 1drv.ms',
		'wetransfer.com we.tl mega.nz mega.io mega.co.nz pan.baidu.com yun.baidu.com pan.quark.cn alipan.com aliyundrive.com disk.yandex.com',
		'disk.yandex.ru yadi.sk gofile.io app.frame.io f.io share.descript.com share.vidyard.com console.aws.amazon.com s3.console.aws.amazon.com',
		'studio.youtube.com consent.youtube.com l.facebook.com lnkd.in share.weiyun.com cloud.189.cn u.pcloud.link acfun.cn mp.weixin.qq.com',
		'space.bilibili.com live.bilibili.com 123pan.com',
		'console.cloud.google.com portal.azure.com iframe.videodelivery.net iframe.mediadelivery.net',
	].flatMap((line) => line.split(' ')),
);

const VIDEO_FILE = /\.(mp4|m4v|mov|webm|mkv|avi|mpe?g|wmv|flv|3gp|ts)$/i;

type Direct = (url: URL, found: RegExpExecArray) => string | undefined;

const driveFile = (id: string | null | undefined): string | undefined =>
	id ? `https://drive.google.com/uc?export=download&id=${id}` : undefined;

/** The URL with one parameter of its query set, and the others as they are. */
function withParameter(url: URL, name: string, value: string): string {
	const others = url.search.slice(1).split('&').filter((part) => part !== '' && part.split('=')[0] !== name);
	return `${url.origin}${url.pathname}?${[...others, `${name}=${value}`].join('&')}`;
}

const replaced = (from: string, to: string): Direct => (url) => url.href.replace(from, to);

/** Hosts that serve pages and files: the page by its path and query, and its direct link where one can be derived. */
const PAGES: ReadonlyArray<readonly [host: RegExp, page: RegExp, direct?: Direct]> = [
	[/^(drive|docs)\.google\.com$/, /^\/(?:a\/[^/]+\/)?file\/(?:u\/\d+\/)?d\/([\w-]+)/, (_, found) => driveFile(found[1])],
	[/^(drive|docs)\.google\.com$/, /^\/(?:a\/[^/]+\/)?(?:open|leaf)\b/, (url) => driveFile(url.searchParams.get('id'))],
	[/^(drive|docs)\.google\.com$/, /^\/(?:a\/[^/]+\/)?(?:drive|document|presentation|spreadsheets|forms|videos|folderview)\b/],
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
	[/^pexels\.com$/, /^\/(?:[a-z]{2}-[a-z]{2}\/)?video\//],
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
	[/^huggingface\.co$/, /\/blob\//, replaced('/blob/', '/resolve/')],
];

/** The page that `url` leads to, with the link to the file itself where one can be derived; undefined for any other URL. */
export function findSharePage(url: URL): { host: string; direct?: string } | undefined {
	const host = url.hostname.replace(/^(www|m|mobile|web|mbasic|music)\.|\.$/g, '');
	if (PAGE_HOSTS.has(host)) return VIDEO_FILE.test(url.pathname) ? undefined : { host };
	for (const [hosts, page, direct] of PAGES) {
		const found = hosts.test(host) ? page.exec(url.pathname + url.search) : null;
		if (found) return { host, direct: direct?.(url, found) };
	}
	return undefined;
}
