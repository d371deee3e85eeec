import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectFolder } from '../../harness/packageTarball';
import { DEFAULT_SETTINGS } from '../../sandbox';

/** A video to submit. */
export const sampleVideo = join(projectFolder, 'sandbox', 'media', 'sample.mp4');

/** The video that the fake HiDream server returns for every task. */
export const resultVideo = async (): Promise<Buffer> => await readFile(DEFAULT_SETTINGS.resultVideo);
