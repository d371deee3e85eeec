/**
 * n8n-core and parts that it uses and does not export: its dependency injection container and its logger class.
 * They must be its own copies; another copy in this project's tree would hold other services.
 */
import './environment';
import { createRequire } from 'node:module';
import type { Logger as LoggerInterface } from 'n8n-workflow';

type Class<T> = abstract new (...args: never[]) => T;

/** n8n's logger as a class of the container. */
export interface CoreLogger extends LoggerInterface {
	scoped(scopes: string | string[]): CoreLogger;
}

const fromCore = createRequire(require.resolve('n8n-core'));

export const { Container } = fromCore('@n8n/di') as { Container: { get<T>(type: Class<T>): T } };

export const { Logger } = fromCore('@n8n/backend-common') as { Logger: Class<CoreLogger> };

export {
	BinaryDataConfig,
	BinaryDataService,
	DataDeduplicationService,
	ExecutionLifecycleHooks,
	ExternalSecretsProxy,
	WAITING_TOKEN_QUERY_PARAM,
	WebhookContext,
	WorkflowExecute,
} from 'n8n-core';
