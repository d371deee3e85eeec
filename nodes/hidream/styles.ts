/** One look that HiDream can give a video. */
export interface Style {
	/** The API's spelling; `van_goph` is the vendor's own. */
	value: string;
	/** What the editor shows. */
	name: string;
	/** The vendor's Chinese name. */
	vendorName: string;
}

/** CERTAIN: the ten styles of the vendor's page on video stylization, sorted by name. */
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

export const isStyle = (value: string): boolean => STYLES.some((style) => style.value === value);
