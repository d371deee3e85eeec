/**
 * CERTAIN: the values of `style`, copied from HiDream's page, with HiDream's names; `van_goph` is HiDream's spelling. The list
 * is separate from the node's, so that a typo there does not go unnoticed.
 */
export const VENDOR_STYLE_NAMES: Readonly<Record<string, string>> = {
	abstract: '抽象',
	anime: '动漫',
	barbie_doll: '芭比',
	cartoon: '卡通',
	cyber_punk: '赛博朋克',
	hayao_miyazaki: '宫崎骏',
	ink_wash: '水墨',
	van_goph: '梵高',
	vector_art: '矢量艺术',
	watercolor: '水彩',
};

export const VENDOR_STYLES: readonly string[] = Object.keys(VENDOR_STYLE_NAMES);
