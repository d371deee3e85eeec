/** The guardian runs this for a store whose owner was killed: `n8nQueueCleanUp.ts <name>`. */
import { removeStore } from './n8nQueueStore';

const [, , name] = process.argv;
if (name === undefined) throw new Error('Usage: n8nQueueCleanUp.ts <name of the store>');
removeStore(name).then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
