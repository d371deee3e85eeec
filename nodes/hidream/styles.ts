/** A style of HiDream. */
export interface Style {
	/** The API's spelling; `van_goph` is the vendor's own. */
	value: string;
	/** What the editor shows. */
	name: string;
	/** HiDream's own name, for the README. */
	vendorName: string;
}

/** The style (one of `STYLES`, or `PROMPT_ONLY`) and the prompt of a submit. */
export interface StyleOptions {
	style: string;
	prompt: string;
}

/**
 * CERTAIN: the styles of HiDream's page on video stylization, sorted by name. After a change run `npm run docs:styles`;
 * the fake HiDream server has a list of its own in `sandbox/vendorStyles.ts`.
 */
export const STYLES: readonly Style[] = [
	{ value: 'abstract', name: 'Abstract', vendorName: '抽象' },
	{ value: 'anime', name: 'Anime', vendorName: '动漫' },
	{ value: 'barbie_doll', name: 'Barbie Doll', vendorName: '芭比' },
	{ value: 'cartoon', name: 'Cartoon', vendorName: '卡通' },
	{ value: 'cyber_punk', name: 'Cyberpunk', vendorName: '赛博朋克' },
	{ value: 'hayao_miyazaki', name: 'Hayao Miyazaki', vendorName: '宫崎骏' },
	{ value: 'ink_wash', name: 'Ink Wash', vendorName: '水墨' },
	{ value: 'van_goph', name: 'Van Gogh', vendorName: '梵高' },
	{ value: 'vector_art', name: 'Vector Art', vendorName: '矢量艺术' },
	{ value: 'watercolor', name: 'Watercolor', vendorName: '水彩' },
];

/** The node's own value for "no style, the prompt alone says it"; never sent to HiDream. */
export const PROMPT_ONLY = 'none';

/** As the editor shows it. */
export const PROMPT_ONLY_STYLE: Omit<Style, 'vendorName'> = { value: PROMPT_ONLY, name: 'None (Prompt Only)' };

const letters = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, '');

/** The value of a style (or `PROMPT_ONLY`) by its value or name, in any case; undefined for any other text. */
export const findStyle = (text: string): string | undefined =>
	[...STYLES, PROMPT_ONLY_STYLE].find(({ value, name }) => [value, name].some((known) => letters(known) === letters(text)))?.value;
