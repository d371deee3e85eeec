/** First bytes of files, by format. */
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A box of the ISO base media format whose content begins with `text`. */
const box = (text: string, size = 24): Buffer => Buffer.concat([Buffer.from([0, 0, 0, size]), latin1(text.padEnd(size - 4, '\0'))]);

/** Packets of a transport stream: 0x47 every `step` bytes, after `lead` bytes. */
const packets = (step: number, lead = 0): Buffer => {
	const bytes = Buffer.alloc(lead + 3 * step, 0xff);
	for (const n of [0, 1, 2]) bytes[lead + n * step] = 0x47;
	return bytes;
};

export const VIDEO_HEADS: Record<string, Buffer> = {
	'MP4': box('ftypisom'),
	'MP4, another brand': box('ftypmp42'),
	'3GP': box('ftyp3gp4'),
	'QuickTime': box('ftypqt  '),
	'M4V': box('ftypM4V '),
	'an unknown brand': box('ftypxyz1'),
	'QuickTime without ftyp': box('wide\0\0\x05\0mdat'),
	'QuickTime, index first': box('moov\0\0\0lmvhd', 200),
	'QuickTime whose first size looks like a TIFF': latin1('II*\0mdat\0\x01\x02\x03'),
	'a media segment': box('styp msdh'),
	'Matroska or WebM': latin1('\x1aE\xdf\xa3\x9fB\x86\x81\x01'),
	'AVI': latin1('RIFF\x10\x20\0\0AVI LIST'),
	'FLV': latin1('FLV\x01\x05\0\0\0\x09'),
	'MPEG-TS': packets(188),
	'M2TS': packets(192, 4),
	'MPEG-PS': latin1('\0\0\x01\xbaD\0\x04'),
	'MPEG-1 video': latin1('\0\0\x01\xb3\x16\0\xf0'),
	'WMV': latin1('0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa'),
	'Ogg with Theora': latin1(`OggS\0\x02${'\0'.repeat(22)}\x80theora`),
	'Ogg, sound first, then Theora': latin1(`OggS\0\x02${'\0'.repeat(22)}\x01vorbis${'\0'.repeat(23)}OggS\0\x02${'\0'.repeat(22)}\x80theora`),
	'MXF': latin1('\x06\x0e+4\x02\x05\x01\x01'),
	'QuickTime whose first size looks like AppleDouble': latin1('\0\x05\x16\x07moov\0\0\0lmvhd'),
	'Y4M': latin1(`YUV4MPEG2 W176 H144 F30:1\nFRAME\n${'\x7f'.repeat(50)}`),
};

/** Kind as displayed, then the bytes. */
export const OTHER_HEADS: Array<[kind: string, name: string, head: Buffer]> = [
	['a web page', 'HTML', latin1('<!DOCTYPE html><html><head><title>Sign in</title>')],
	['a web page', 'HTML after spaces, in capitals', latin1('\r\n\t  <!DocType HTML PUBLIC "-//W3C//DTD">')],
	['a web page', 'HTML after a comment', latin1('<!-- saved from url --><html>')],
	['a web page', 'XHTML', latin1('<?xml version="1.0"?><!DOCTYPE html><html xmlns="x">')],
	['a web page', 'HTML without a head', latin1('<h1>403 Forbidden</h1>')],
	['a web page', 'HTML in Latin-1', latin1('<html><title>Identit\xe9 - acc\xe8s refus\xe9</title>')],
	['a web page', 'HTML with a byte order mark', Buffer.from('\uFEFF<html>')],
	['a web page', 'HTML in UTF-16', Buffer.from('\uFEFF\n<!doctype html><html>', 'utf16le')],
	['a web page', 'HTML in UTF-16, other byte order', Buffer.from('\uFEFF<html><body>', 'utf16le').swap16()],
	['a web page', 'HTML in UTF-16 without a mark', Buffer.from('<html><body>', 'utf16le')],
	['a web page', 'very short HTML', latin1('<html>')],
	['an XML document', 'an error of S3', latin1('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code>')],
	['an XML document', 'an error of S3, bare', latin1('<Error><Code>AccessDenied</Code>')],
	['an XML document', 'RSS', latin1('<rss version="2.0"><channel><title>x</title>')],
	['an SVG image', 'SVG', latin1('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><style>')],
	['JSON data', 'a JSON object', latin1('{"error":"login required"}')],
	['JSON data', 'a JSON list', latin1('\n[ {"id": 1}, 2 ]')],
	['a web page', 'HTML in UTF-16 without a mark, other byte order', Buffer.from('<html><body>', 'utf16le').swap16()],
	['a web page', 'an HTML comment', latin1('<!-- 403 -->')],
	['an audio file', 'AIFF', latin1('FORM\0\0\0\x08AIFFCOMM')],
	['a playlist', 'M3U8', latin1('#EXTM3U\n#EXT-X-VERSION:3\n')],
	['a text file', 'an error message', latin1('404: Not Found')],
	['a file of macOS metadata', 'AppleDouble, as in ._clip.mp4', latin1('\0\x05\x16\x07\0\x02\0\0Mac OS X        ')],
	['an unfinished file (its first bytes are zero)', 'a download that has only reserved its space', Buffer.alloc(512)],
	['a text file', 'subtitles', latin1("I'm free\nlike a bird\n")],
	['a text file', 'Chinese text', Buffer.from('访问被拒绝，请登录'.repeat(40))],
	['a text file', 'base64 of a video', Buffer.from(box('ftypisom').toString('base64'))],
	['a text file', 'text with a box name', latin1('Run free, run wild')],
	['an image', 'PNG', latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
	['an image', 'JPEG', latin1('\xff\xd8\xff\xe0\0\x10JFIF')],
	['an image', 'GIF', latin1('GIF89a\x01\0\x01\0')],
	['an image', 'WebP', latin1('RIFF\x10\0\0\0WEBPVP8 ')],
	['an image', 'BMP', latin1('BM\x36\x10\x0e\0\0\0\0\0\x36')],
	['an image', 'TIFF', latin1('II*\0\x08\0\0\0')],
	['an image', 'HEIC', box('ftypheic')],
	['an image', 'AVIF', box('ftypavif')],
	['an image', 'HEIF', box('ftypmif1')],
	['a PDF document', 'PDF', latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3')],
	['a PDF document', 'PDF in ASCII', latin1('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>')],
	['an archive or an Office document', 'ZIP', latin1('PK\x03\x04\x14\0\0\0')],
	['an archive or an Office document', 'DOC', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0')],
	['an archive', 'gzip', latin1('\x1f\x8b\x08\0\0\0')],
	['an archive', 'RAR', latin1('Rar!\x1a\x07\x01\0')],
	['an archive', '7z', latin1('7z\xbc\xaf\x27\x1c\0\x04')],
	['an archive', 'xz', latin1('\xfd7zXZ\0\0\x04')],
	['an archive', 'bzip2', latin1('BZh61AY&SY\xd9\xae')],
	['an archive', 'tar', latin1(`${'clip.mp4'.padEnd(257, '\0')}ustar\0`)],
	['an audio file', 'WAV', latin1('RIFF\x10\0\0\0WAVEfmt ')],
	['an audio file', 'MP3 with tags', latin1('ID3\x04\0\0\0\0\x0f\x76')],
	['an audio file', 'MP3', latin1(`\xff\xfb\x90\0${'\0'.repeat(413)}\xff\xfb\x90\0`)],
	['an audio file', 'FLAC', latin1('fLaC\0\0\0\x22')],
	['an audio file', 'M4A', box('ftypM4A ')],
	['an audio file', 'Opus', latin1(`OggS\0\x02${'\0'.repeat(22)}OpusHead\x01\x02${'\0'.repeat(9)}OggS\0\0`)],
	['a program', 'Windows', latin1(`MZ\x90\0${'\0'.repeat(56)}\x80\0\0\0${'\0'.repeat(64)}PE\0\0`)],
	['a program', 'Linux', latin1('\x7fELF\x02\x01\x01\0')],
];
