/** Lets engine tests poll faster than the node allows: at its minimum of 2 s each wait would take seconds. */
jest.mock('../../../nodes/StylizeVideo/options', () => ({
	...jest.requireActual<typeof import('../../../nodes/StylizeVideo/options')>('../../../nodes/StylizeVideo/options'),
	MIN_POLL_SECONDS: 0.01,
}));
