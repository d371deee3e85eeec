/**
 * Pages that show or share a video and are not the file itself. Only known pages stand here: any other URL passes. The
 * sites' URL formats are LIKELY: read off their public links, and they may change.
 */

/** Hosts that serve pages and no files. */
const PAGE_HOSTS = new RegExp(
	`^(?:(?:www|m|mobile|web|mbasic|music)\\.)?(?:${[
		'youtube\\.com|youtube-nocookie\\.com|youtu\\.be|vimeo\\.com|dailymotion\\.com|dai\\.ly|streamable\\.com|rumble\\.com|odysee\\.com|bitchute\\.com',
		'instagram\\.com|instagr\\.am|facebook\\.com|fb\\.(?:watch|com|me)|x\\.com|twitter\\.com|t\\.co|threads\\.(?:net|com)|snapchat\\.com|pinterest\\.[a-z.]+|pin\\.it',
		'reddit\\.com|redd\\.it|twitch\\.tv|kick\\.com|9gag\\.com|imgur\\.com|gph\\.is|coub\\.com|t\\.me|telegram\\.me|bsky\\.app|linkedin\\.com|ted\\.com',
		'bilibili\\.(?:com|tv)|b23\\.tv|iesdouyin\\.com|kuaishou\\.com|xiaohongshu\\.com|xhslink\\.com|weibo\\.(?:com|cn)|youku\\.com|iqiyi\\.com|ixigua\\.com|nicovideo\\.jp|nico\\.ms|rutube\\.ru|vkvideo\\.ru',
		'wetransfer\\.com|we\\.tl|mega\\.(?:nz|io|co\\.nz)|1drv\\.ms|alipan\\.com|aliyundrive\\.com|gofile\\.io|fromsmash\\.com|app\\.frame\\.io|f\\.io|yadi\\.sk',
	].join('|')})$|^(?:${[
		'photos\\.google\\.com|(?:photos\\.)?app\\.goo\\.gl|share\\.icloud\\.com|disk\\.yandex\\.[a-z.]+|pan\\.(?:baidu|quark)\\.(?:com|cn)|yun\\.baidu\\.com|[uem]\\.pcloud\\.link',
		'(?:old|new|np|sh)\\.reddit\\.com|(?:clips|player|go)\\.twitch\\.tv|(?:player|space|live|t)\\.bilibili\\.com|(?:v|live)\\.(?:douyin|kuaishou|youku|qq)\\.com|v[mt]\\.tiktok\\.com',
		'(?:player|geo)\\.(?:youku|dailymotion|mux)\\.com|(?:video|h5)\\.weibo\\.(?:com|cn)|l\\.(?:facebook|instagram)\\.com|share\\.(?:vidyard|descript)\\.com|next\\.frame\\.io',
		'(?:[a-z0-9-]+\\.)*console\\.aws\\.amazon\\.com|console\\.cloud\\.google\\.com|portal\\.azure\\.com|iframe\\.(?:videodelivery|mediadelivery)\\.net',
	].join('|')})$`,
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
	[/^(www\.)?google\.[a-z.]+$/, /^\/url\?/, (url) => url.searchParams.get('url') ?? url.searchParams.get('q') ?? undefined],
	[/^(www\.)?google\.[a-z.]+$/, /^\/(search|photos)\b/],
	[/^(www\.)?dropbox\.com$/, /^\/(?:s(?!\/dl\/)|scl\/fi)\/(?!.*[?&](?:dl|raw)=1(?:&|$))/, (url) => withParameter(url, 'dl', '1')],
	[/^(www\.)?dropbox\.com$/, /^\/(?:scl\/fo|sh|home|preview|t|l|transfer|request|work|personal)\/(?!.*[?&](?:dl|raw)=1(?:&|$))/],
	[/^onedrive\.live\.com$/, /^\/(?:embed|redir)\b/, (url) => url.href.replace(/\/(?:embed|redir)\b/, '/download')],
	[/^onedrive\.live\.com$/, /^(?!\/download\b)/],
	[/\.sharepoint\.(com|cn|us)$/, /^\/:[a-z]:\/(?!.*[?&]download=1(?:&|$))/i, (url) => withParameter(url, 'download', '1')],
	[/\.sharepoint\.(com|cn|us)$/, /\/_layouts\/15\/(?:stream|onedrive|doc|wopiframe)\.aspx/i],
	[/^(www\.)?icloud\.com(\.cn)?$/, /^\/(?:iclouddrive|sharedalbum|photos|attachment)\b/],
	[/(^|\.)box\.com$/, /^\/(?:s|v|file|folder|embed)\//],
	[/^player\.vimeo\.com$/, /^\/video\//],
	[/^(www\.|m\.|t\.)?tiktok\.com$/, /^\/(?:@|t\/|v\/|embed|share|discover|tag\/|$)/],
	[/^(www\.)?douyin\.com$/, /^\/(?:video|user|note|share|discover|jingxuan|search|$)/],
	[/^(www\.)?loom\.com$/, /^\/(?:share|embed)\//],
	[/^v\.redd\.it$/, /^\/\w+\/?(?:\?|$)/],
	[/^(www\.)?giphy\.com$/, /^\/(?:gifs|clips|embed|stickers)\/(?:[^/?]*-)?(\w+)/, (_, found) => `https://media.giphy.com/media/${found[1]}/giphy.mp4`],
	[/^(www\.)?tenor\.com$/, /^\/(?:[a-z-]+\/)?view\//i],
	[/^(www\.)?archive\.org$/, /^\/(?:details|embed)\//],
	[/^(m\.)?vk\.(com|ru)$/, /^\/(?:video|clip|wall)/],
	[/^(m\.)?ok\.ru$/, /^\/video/],
	[/^(www\.)?pexels\.com$/, /^\/(?:[a-z]{2}-[a-z]{2}\/)?video\//],
	[/^(www\.)?pixabay\.com$/, /^\/(?:[a-z]{2}\/)?videos\/(?!download\/)/],
	[/^(www\.)?mediafire\.com$/, /^\/(?:file|view|folder)\//],
	[/^cloud\.mail\.ru$/, /^\/public\//],
	[/(^|\.)zoom\.us$/, /^\/rec\/(?:share|play)\//],
	[/(^|\.)wistia\.(com|net)$/, /^\/(?:medias|embed\/iframe)\//],
	[/\.cloudflarestream\.com$/, /^\/\w+\/(?:iframe|watch)/],
	[/^player\.cloudinary\.com$/, /^\/embed/],
	[/^(www\.|ptb\.|canary\.)?discord\.com$/, /^\/channels\//],
	[/\.slack\.com$/, /^\/(?:files|archives)\//],
	[/^(www\.)?canva\.com$/, /^\/design\//],
	[/^(www\.)?github\.com$/, /^\/[^/]+\/[^/]+\/blob\/(?!.*[?&]raw=(?:1|true))/, replaced('/blob/', '/raw/')],
	[/^gitee\.com$/, /^\/[^/]+\/[^/]+\/blob\//, replaced('/blob/', '/raw/')],
	[/^gitlab\.com$/, /\/-\/blob\//, replaced('/-/blob/', '/-/raw/')],
	[/^bitbucket\.org$/, /^\/[^/]+\/[^/]+\/src\//, replaced('/src/', '/raw/')],
	[/^(www\.)?huggingface\.co$/, /\/blob\//, replaced('/blob/', '/resolve/')],
];

/** The page that `url` leads to, with the link to the file itself where one can be derived; undefined for any other URL. */
export function findSharePage(url: URL): { host: string; direct?: string } | undefined {
	const host = url.hostname.replace(/\.$/, '');
	if (PAGE_HOSTS.test(host)) return VIDEO_FILE.test(url.pathname) ? undefined : { host };
	for (const [hosts, page, direct] of PAGES) {
		const found = hosts.test(host) ? page.exec(url.pathname + url.search) : null;
		if (found) return { host, direct: direct?.(url, found) };
	}
	return undefined;
}
