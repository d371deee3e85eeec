/** The node in n8n's editor, as a user sees it. One n8n and one browser for all tests. */
import { credentials } from './editor/credential';
import { examples } from './editor/examples';
import { fields } from './editor/fields';
import { finding } from './editor/finding';
import { examplePictures, pictures } from './editor/pictures';
import { running } from './editor/running';
import { drawsPictures, useEditor } from './support/editor';

jest.setTimeout(300_000);

const on = useEditor();

describe('finding the node', () => finding(on));
describe('its fields', () => fields(on));
describe('its credential', () => credentials(on));
describe('a run', () => running(on));
describe('the example workflows', () => examples(on));

if (drawsPictures) {
	describe.each(['light', 'dark'] as const)('pictures for the docs, %s', (theme) => {
		pictures(on, theme);
		examplePictures(on, theme);
	});
}
