import type { Style, StyleOptions } from '../hidream/styles';
import { InvalidInput } from '../shared/input';
import { INPUT } from '../shared/messages/aboutInput';
import type { ItemParameters } from '../shared/nodeParameters';
import { multilineParameter, requiredChoiceParameter } from '../shared/parameter';

/** The node's own value for "no style, the prompt alone says it"; never sent to HiDream. */
export const PROMPT_ONLY = 'none';

/** What the editor shows for each style of HiDream. After a change run `npm run docs:styles`. */
const STYLE_NAMES: Readonly<Record<Style, string>> = {
	abstract: 'Abstract',
	anime: 'Anime',
	barbie_doll: 'Barbie Doll',
	cartoon: 'Cartoon',
	cyber_punk: 'Cyberpunk',
	hayao_miyazaki: 'Hayao Miyazaki',
	ink_wash: 'Ink Wash',
	van_goph: 'Van Gogh',
	vector_art: 'Vector Art',
	watercolor: 'Watercolor',
};

/** All styles and None, by name. (`localeCompare` takes longer than the rest of loading the node.) */
const STYLE_OPTIONS = [
	...Object.entries(STYLE_NAMES).map(([value, name]) => ({ value, name })),
	{ value: PROMPT_ONLY, name: 'None (Prompt Only)', description: 'Describe the style in the prompt instead' },
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** An expression without a value is an error: the user must not pay for a default style. */
export const STYLE = requiredChoiceParameter({
	displayName: 'Style',
	name: 'style',
	default: 'anime',
	description: 'The style of the resulting video',
	options: STYLE_OPTIONS,
});

export const PROMPT = multilineParameter({
	displayName: 'Prompt',
	name: 'prompt',
	typeOptions: { rows: 3 },
	placeholder: 'e.g. soft morning light, pastel colors',
	description: 'Describes the resulting video. Required if Style is None, otherwise optional.',
});

/** @throws InvalidInput when there is neither a style nor a prompt */
export function readStyleOptions(parameters: ItemParameters): StyleOptions {
	const style = parameters.get(STYLE);
	const prompt = parameters.get(PROMPT);
	if (style !== PROMPT_ONLY || prompt.trim() !== '') return { style, prompt };
	throw new InvalidInput(...INPUT.noPrompt);
}
