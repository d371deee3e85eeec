/** The style (a value of the node's "Style") and the prompt of a submit. */
export interface StyleOptions {
	style: string;
	prompt: string;
}

/**
 * CERTAIN: the styles of HiDream's page on video stylization, each with HiDream's own name for the README. `van_goph` is
 * the vendor's spelling. After a change run `npm run docs:styles`; the fake HiDream server has a list of its own in
 * `sandbox/vendorStyles.ts`.
 */
export const STYLES = {
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
} as const;
