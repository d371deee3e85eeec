/** The style (a value of the node's "Style") and the prompt of a submit. */
export interface StyleOptions {
	style: string;
	prompt: string;
}

/**
 * CERTAIN: the values of `style` on HiDream's page on video stylization. `van_goph` is HiDream's spelling. The fake HiDream
 * server has a list of its own, with HiDream's names, in `sandbox/vendorStyles.ts`.
 */
export type Style = 'abstract' | 'anime' | 'barbie_doll' | 'cartoon' | 'cyber_punk' | 'hayao_miyazaki' | 'ink_wash' | 'van_goph' | 'vector_art' | 'watercolor';
