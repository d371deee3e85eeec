/** One look that HiDream can give a video. */
export interface Style {
	/** The API's spelling; `van_goph` is the vendor's own. */
	value: string;
	/** What the editor shows. */
	name: string;
}

/** How a video is to look: the node's value for the style, and the prompt. */
export interface Look {
	style: string;
	prompt: string;
}

/** CERTAIN: the ten styles of the vendor's page on video stylization, sorted by name; beside each the vendor's own. */
export const STYLES: readonly Style[] = [
	{ value: 'abstract', name: 'Abstract' }, // 抽象
	{ value: 'anime', name: 'Anime' }, // 动漫
	{ value: 'barbie_doll', name: 'Barbie Doll' }, // 芭比
	{ value: 'cartoon', name: 'Cartoon' }, // 卡通
	{ value: 'cyber_punk', name: 'Cyberpunk' }, // 赛博朋克
	{ value: 'hayao_miyazaki', name: 'Hayao Miyazaki' }, // 宫崎骏
	{ value: 'ink_wash', name: 'Ink Wash' }, // 水墨
	{ value: 'van_goph', name: 'Van Gogh' }, // 梵高
	{ value: 'vector_art', name: 'Vector Art' }, // 矢量艺术
	{ value: 'watercolor', name: 'Watercolor' }, // 水彩
];

/** The node's own value for "no style, the prompt alone says it"; never sent to HiDream. */
export const PROMPT_ONLY = 'none';

/** As the editor shows it. */
export const NONE: Style = { value: PROMPT_ONLY, name: 'None (Prompt Only)' };

const letters = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, '');

/** The value of a style, or of none, that is given by value or by name, in any case; undefined when there is none such. */
export const styleOf = (text: string): string | undefined =>
	[...STYLES, NONE].find(({ value, name }) => [value, name].some((known) => letters(known) === letters(text)))?.value;
