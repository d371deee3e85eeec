/** The node in n8n's editor, as a user works with it: one n8n and one browser for all. `UPDATE_DOCS=1` draws docs/screens anew. */
import { credentials } from './editor/credential';
import { fields } from './editor/fields';
import { finding } from './editor/finding';
import { pictures } from './editor/pictures';
import { running } from './editor/running';
import { useEditor } from './support/useEditor';

jest.setTimeout(300_000);

const on = useEditor();

describe('finding the node', () => finding(on));
describe('its fields', () => fields(on));
describe('its credential', () => credentials(on));
describe('a run', () => running(on));
describe.each(['light', 'dark'] as const)('pictures, %s', (theme) => pictures(on, theme));
