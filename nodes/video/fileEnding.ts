/** Endings of files that are surely no video; `gif` is an image, and a playlist holds no video itself. */
const OTHER_FILES: ReadonlyArray<readonly [ending: RegExp, kind: string]> = [
	[/\.(html?|xhtml)$/i, 'a web page'],
	[/\.(jpe?g|png|gif|webp|bmp|tiff?|svg|ico|heic|avif)$/i, 'an image'],
	[/\.(mp3|wav|m4a|aac|flac)$/i, 'a sound file'],
	[/\.(m3u8?|mpd)$/i, 'a playlist'],
	[/\.(zip|rar|7z|tar|t?gz|bz2|xz)$/i, 'an archive'],
	[/\.(pdf|docx?|xlsx?|pptx?|txt|md|csv|json|xml|srt|vtt)$/i, 'a document'],
];

/** Signs that the server makes or names another file than the path says, for example an image service that gives a video. */
const CONVERTED = /[_=/](mp4|webm|mov)\b|video(\/|%2f)|(format|type|disposition)=/i;

/** What the path of `url` says that its file is, if that is surely no video. */
export function otherFile({ pathname, search }: URL): string | undefined {
	if (CONVERTED.test(search) || /[/,][a-z]+_(mp4|webm|mov|video)\b/i.test(pathname)) return undefined;
	return OTHER_FILES.find(([ending]) => ending.test(pathname))?.[1];
}
