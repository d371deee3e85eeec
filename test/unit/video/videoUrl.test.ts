/** URLs of pages and of other files. */
import { readVideoUrl } from '../../../nodes/video/videoUrl';

const read = (url: string) => {
	const result = readVideoUrl(url, false);
	return result.ok ? 'accepted' : result.error.join('. ');
};

test.each([
	['https://drive.google.com/file/d/1aB-c_D/view?usp=sharing', 'https://drive.google.com/uc?export=download&id=1aB-c_D'],
	['https://drive.google.com/file/u/0/d/1aBc/preview', 'https://drive.google.com/uc?export=download&id=1aBc'],
	['https://drive.google.com/open?id=1aBc&authuser=0', 'https://drive.google.com/uc?export=download&id=1aBc'],
	['https://docs.google.com/file/d/1aBc/edit', 'https://drive.google.com/uc?export=download&id=1aBc'],
	['https://www.dropbox.com/s/abc/clip.mp4?dl=0', 'https://www.dropbox.com/s/abc/clip.mp4?dl=1'],
	['https://www.dropbox.com/s/abc/clip.mp4', 'https://www.dropbox.com/s/abc/clip.mp4?dl=1'],
	['https://dropbox.com/scl/fi/abc/clip.mp4?rlkey=k%2B&st=1&dl=0', 'https://dropbox.com/scl/fi/abc/clip.mp4?rlkey=k%2B&st=1&dl=1'],
	['https://contoso.sharepoint.com/:v:/g/personal/x/Eabc?e=1', 'https://contoso.sharepoint.com/:v:/g/personal/x/Eabc?e=1&download=1'],
	['https://onedrive.live.com/embed?cid=1&resid=2', 'https://onedrive.live.com/download?cid=1&resid=2'],
	['https://storage.cloud.google.com/bucket/x.mp4', 'https://storage.googleapis.com/bucket/x.mp4'],
	['https://github.com/o/r/blob/main/x.mp4', 'https://github.com/o/r/raw/main/x.mp4'],
	['https://gitlab.com/o/r/-/blob/main/x.mp4', 'https://gitlab.com/o/r/-/raw/main/x.mp4'],
	['https://huggingface.co/datasets/o/r/blob/main/x.mp4', 'https://huggingface.co/datasets/o/r/resolve/main/x.mp4'],
	['https://giphy.com/gifs/funny-cat-3oAb', 'https://media.giphy.com/media/3oAb/giphy.mp4'],
	['https://bitbucket.org/o/r/src/main/x.mp4', 'https://bitbucket.org/o/r/raw/main/x.mp4'],
	['https://gitee.com/o/r/blob/main/x.mp4', 'https://gitee.com/o/r/raw/main/x.mp4'],
	['https://i.imgur.com/abc.gifv', 'https://i.imgur.com/abc.mp4'],
	['https://www.google.com/url?q=https://a.example.com/x.mp4&sa=D', 'https://a.example.com/x.mp4'],
])('rejects the page %s and names the direct link %s', (page, direct) => {
	expect(read(page)).toMatch(/^is a page of .*Use the direct link/);
	expect(read(page)).toContain(`${direct}. The file`);
	expect(read(direct)).toBe('accepted');
});

test.each([
	'https://www.youtube.com/watch?v=abc',
	'https://m.youtube.com/shorts/abc',
	'https://music.youtube.com/watch?v=abc',
	'https://www.youtube-nocookie.com/embed/abc',
	'https://youtu.be/abc?t=3',
	'https://commons.wikimedia.org/wiki/File:Cat.webm',
	'https://space.bilibili.com/1/video',
	'https://www.google.com/search?q=cat+video',
	'https://tenor.com/view/cat-1',
	'https://vk.com/video-1_2',
	'https://www.mediafire.com/file/abc/x.mp4/file',
	'https://home.wistia.com/medias/abc',
	'https://fast.wistia.net/embed/iframe/abc',
	'https://discord.com/channels/1/2/3',
	'https://pixabay.com/videos/cat-1/',
	'https://ok.ru/video/1',
	'https://YOUTU.BE./abc',
	'https://vimeo.com/123456',
	'https://player.vimeo.com/video/123456',
	'https://www.tiktok.com/@user/video/1',
	'https://vm.tiktok.com/ZM1/',
	'https://www.instagram.com/reel/abc/',
	'https://www.facebook.com/watch?v=1',
	'https://fb.watch/abc/',
	'https://x.com/user/status/1',
	'https://twitter.com/user/status/1',
	'https://www.loom.com/share/0a1b',
	'https://streamable.com/abc',
	'https://clips.twitch.tv/Abc',
	'https://www.bilibili.com/video/BV1',
	'https://b23.tv/abc',
	'https://v.douyin.com/abc/',
	'https://www.douyin.com/video/1',
	'https://we.tl/t-abc',
	'https://wetransfer.com/downloads/abc',
	'https://photos.app.goo.gl/abc',
	'https://photos.google.com/share/abc',
	'https://share.icloud.com/photos/0a',
	'https://www.icloud.com/iclouddrive/0a',
	'https://app.box.com/s/abc',
	'https://mega.nz/file/abc#key',
	'https://pan.baidu.com/s/1abc',
	'https://1drv.ms/v/s!abc',
	'https://contoso-my.sharepoint.com/personal/x/_layouts/15/stream.aspx?id=%2Fx.mp4',
	'https://drive.google.com/drive/folders/1aBc',
	'https://www.dropbox.com/scl/fo/abc/h?dl=0',
	'https://imgur.com/abc',
	'https://www.reddit.com/r/x/comments/1/',
	'https://v.redd.it/abc',
	'https://www.dailymotion.com/video/x1',
	'https://archive.org/details/abc',
	'https://t.me/channel/1',
	'https://s3.console.aws.amazon.com/s3/object/b?prefix=x.mp4',
	'https://us05web.zoom.us/rec/share/abc',
	'https://www.pexels.com/video/waves-1/',
	'https://video.weibo.com/show?fid=1034:1',
	'https://channels.weixin.qq.com/web/pages/feed?eid=1',
	'https://sora.chatgpt.com/p/s_1',
])('rejects the page %s', (url) => {
	expect(read(url)).toMatch(/^is a page of [a-z0-9.-]+, not the video itself\. Use the direct link to the file, or download/i);
});

test.each([
	'https://drive.usercontent.google.com/download?id=1aBc&export=download&confirm=t',
	'https://www.dropbox.com/scl/fi/abc/clip.mp4?rlkey=k&raw=1',
	'https://www.dropbox.com/s/dl/abc/clip.mp4',
	'https://dl.dropboxusercontent.com/s/abc/clip.mp4',
	'https://player.vimeo.com/external/1.hd.mp4?s=abc',
	'https://player.vimeo.com/progressive_redirect/playback/1/rendition/720p/file.mp4',
	'https://contoso.sharepoint.com/_layouts/15/download.aspx?UniqueId=1',
	'https://api.onedrive.com/v1.0/shares/u!abc/driveItem/content',
	'https://v16-webapp.tiktok.com/abc/video/tos/x/',
	'https://video.twimg.com/ext_tw_video/1/x.mp4',
	'https://i.imgur.com/abc.mp4',
	'https://imgur.com/abc.mp4',
	'https://v.redd.it/abc/DASH_720.mp4',
	'https://rr1.googlevideo.com/videoplayback?id=1',
	'https://raw.githubusercontent.com/o/r/main/x.mp4',
	'https://github.com/o/r/blob/main/x.mp4?raw=true',
	'https://github.com/o/r/releases/download/v1/x.mp4',
	'https://archive.org/download/abc/x.mp4',
	'https://api.telegram.org/file/bot1/videos/x.mp4',
	'https://www.pexels.com/download/video/1/',
	'https://www.pexels.com/video/1/download/',
	'https://box.com.example.com/s/abc',
	'https://notyoutube.com/watch?v=abc',
	'https://youtube.com.example.com/x',
	'https://a.example.com/watch?v=https://youtu.be/abc',
])('accepts the link %s', (url) => expect(read(url)).toBe('accepted'));

test.each([
	['https://a.example.com/x.html', /a web page/],
	['https://a.example.com/x.JPG?size=large', /an image/],
	['https://a.example.com/x.gif', /an image/],
	['https://a.example.com/x.mp4.zip?X-Amz-Signature=0', /an archive/],
	['https://a.example.com/video/x.m3u8', /a playlist/],
	['https://a.example.com/x.mp3', /an audio file/],
	['https://a.example.com/x.pdf#page=2', /a document/],
])('rejects the file %s', (url, kind) => expect(read(url)).toMatch(kind));

test.each([
	'https://a.example.com/x',
	'https://a.example.com/download.php?id=7',
	'https://a.example.com/x.bin',
	'https://a.example.com/x.unknown',
	'https://a.example.com/index.html/x.mp4',
	'https://a.example.com/x.gif?format=mp4',
	'https://res.example.com/image/upload/f_mp4/x.gif',
	'https://a.example.com/x.txt?response-content-type=video%2Fmp4',
	'https://a.example.com/x.mp4?poster=x.jpg',
])('accepts the file %s', (url) => expect(read(url)).toBe('accepted'));

describe('text after the URL', () => {
	const SIGNED = 'https://b.s3.amazonaws.com/x.mp4?X-Amz-Date=20991128T000000Z&X-Amz-Expires=60&X-Amz-Signature=0a';

	test.each([
		'https://a.example.com/x.mp4 please make it anime',
		'https://a.example.com/x.mp4, make it anime',
		'https://a.example.com/x.mp4: make it 16:9 and/or anime',
		'https://a.example.com/x.mp4 at a speed of 1.25',
		'https://a.example.com/x.MOV (1920x1080)',
		'https://a.example.com/x.m2ts 请转成水墨风格',
		'https://a.example.com/x.mp4请转成水墨风格',
		'https://a.example.com/x.mp4，请转成水墨风格',
		'https://a.example.com/x.mp4(动漫)',
		'https://a.example.com/x.mp4,anime',
		'https://a.example.com/x.mp4;anime;Make it nice',
		'https://a.example.com/x.mp4","style":"anime"}',
		'https://a.example.com/x.mp4</a>',
		'https://a.example.com/x.mp4 ?token=1',
		'https://a.example.com/x.mp4 anime?token=1',
		`${SIGNED} make it anime`,
		`${SIGNED}，请转成动漫`,
	])('is rejected: %s', (url) => expect(read(url)).toMatch(/text after the URL.*alone/));

	test.each([
		'https://a.example.com/x.mp4 2.mp4',
		'https://a.example.com/x.mp4的副本.mp4',
		'https://a.example.com/“x.mp4”的副本',
		'https://a.example.com/x.mov의 사본',
		'https://a.example.com/x.mp4 のコピー',
		'https://a.example.com/x.mp4 (1)',
		'https://a.example.com/x.mp4 (1)/download',
		'https://a.example.com/x.mp4 - Copy',
		'https://a.example.com/all .mov files/x.mp4',
		'https://a.example.com/x.mp4%20text',
		'https://a.example.com/x.mp4s',
		'https://a.example.com/x.mp4key',
		'https://a.example.com/x.mp4,480',
		'https://a.example.com/x.mp4;jsessionid=AB12',
		'https://a.example.com/x.ts/my clip',
		"https://a.example.com/files('/s/x.mp4')/$value",
		'https://a.example.com/x.mp4?title=my cat',
		'https://a.example.com/x.mp4?title=我的猫',
		SIGNED,
		SIGNED.replace('x.mp4', 'my cat.mp4'),
		`${SIGNED}&response-content-disposition=attachment; filename="my cat.mp4"`,
		`${SIGNED}&download=我的猫.mp4`,
	])('a name that goes on is accepted: %s', (url) => expect(read(url)).toBe('accepted'));
});

test.each(['https://a.example.com/v/.mp4', 'https://a.example.com/.MOV?sig=1'])('rejects a URL whose expression found no name: %s', (url) =>
	expect(read(url)).toMatch(/no file name before the extension/));

test.each(['https://a.example.com/Episode #3.mp4', 'https://a.example.com/Is this real? (full).mp4'])('rejects a name that HiDream would cut off: %s', (url) =>
	expect(read(url)).toMatch(/contains # or \?.*%23/));

test.each(['https://a.example.com/x.mp4#t=3', 'https://a.example.com/my clip?file=x.mp4', 'https://a.example.com/stream#.mp4', 'https://a.example.com/v/.hidden/x.mp4'])('accepts %s', (url) =>
	expect(read(url)).toBe('accepted'));

test.each([
	['https://files.slack.com/files-pri/T1-F1/download/clip.mp4', 'https://files.slack.com/files-pri/T1-F1/download/clip.mp4?pub_secret=abc'],
	['https://team.slack.com/files/U1/F1/clip.mp4', 'https://notslack.com/files/U1/F1/clip.mp4'],
	['https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=3', 'https://lookaside.fbsbx.com/lookaside/crawler/media/?media_id=1'],
	['https://open.feishu.cn/open-apis/drive/v1/medias/abc/download', 'https://internal-api-drive-stream.feishu.cn/space/api/box/stream/download/x'],
	['https://api-data.line.me/v2/bot/message/1/content', 'https://api.line.me/x.mp4'],
	['https://graph.microsoft.com/v1.0/me/drive/items/1/content', 'https://graph.microsoft.com/v1.0/me/drive/items/1/content?access_token=a'],
	['https://www.googleapis.com/drive/v3/files/1aBc?alt=media', 'https://www.googleapis.com/drive/v3/files/1aBc?alt=media&key=a'],
])('rejects %s, which needs a login, and accepts %s', (url, open) => {
	expect(read(url)).toMatch(/^needs a login at .*Binary File/);
	expect(read(open)).toBe('accepted');
});

test.each([
	['https://www.iesdouyin.com/share/video/1/', 'https://www.iesdouyin.com/aweme/v1/play/?video_id=v02&ratio=1080p'],
	['https://video.weibo.com/show?fid=1', 'https://video.weibo.com/media/play?livephoto=https%3A%2F%2Fus.sinaimg.cn%2F0.mov'],
	['https://tmpfiles.org/123/clip.mp4', 'https://tmpfiles.org/dl/123/clip.mp4'],
	['https://us-east-1.console.aws.amazon.com/s3/object/b?prefix=clip.mp4', 'https://b.s3.us-east-1.amazonaws.com/clip.mp4'],
	['https://drive.google.com/uc?export=download&id=', 'https://drive.google.com/uc?export=download&id=1aBc'],
	['https://drive.google.com/uc?export=download&id=1aBc make it anime', 'https://drive.usercontent.google.com/download?id=1aBc&confirm=t'],
])('rejects the page %s, and accepts the file %s', (page, file) => {
	expect(read(page)).toMatch(/^is a page of /);
	expect(read(file)).toBe('accepted');
});
