'use strict';

/** The package's node and credential classes, for whoever loads it by name; n8n reads package.json instead. */
module.exports = {
	...require('./dist/credentials/HiDreamApi.credentials.js'),
	...require('./dist/nodes/StylizeVideoTrigger/StylizeVideoTrigger.node.js'),
	...require('./dist/nodes/StylizeVideo/StylizeVideo.node.js'),
};
