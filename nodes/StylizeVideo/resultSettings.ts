import type { ItemParameters } from '../shared/nodeParameters';
import type { ResultSettings } from '../shared/result';
import { DOWNLOAD_VIDEO, MAX_DOWNLOAD_SIZE, OUTPUT_FIELD } from '../shared/resultParameters';
import { MEGABYTE } from '../video/measureDownload';
import { ON_TASK_FAILURE } from './options';

/** @throws InvalidInput naming the parameter that is wrong */
export const readResultSettings = (parameters: ItemParameters): ResultSettings => ({
	download: parameters.get(DOWNLOAD_VIDEO),
	binaryField: parameters.get(OUTPUT_FIELD),
	maxBytes: parameters.option(MAX_DOWNLOAD_SIZE) * MEGABYTE,
	failsAsError: parameters.option(ON_TASK_FAILURE) === 'error',
});
