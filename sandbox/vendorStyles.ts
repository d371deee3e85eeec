/**
 * CERTAIN: the values of `style`, copied from HiDream's page; `van_goph` is HiDream's spelling. The list is separate
 * from the node's, so that a typo there does not go unnoticed.
 */
export const VENDOR_STYLES: readonly string[] = [
	'abstract',
	'anime',
	'barbie_doll',
	'cartoon',
	'cyber_punk',
	'hayao_miyazaki',
	'ink_wash',
	'van_goph',
	'vector_art',
	'watercolor',
];
