import type { Core } from '../core';
import type { Handler } from '../serve';

/** GET /prod-api/user/apikey2token: makes a token from the API key in the `Api-Key` header. */
export function exchangeKey({ accounts }: Core): Handler {
	return (exchange) => {
		exchange.assertMethod('GET');
		exchange.assertQuery();
		const { account, token, expiresAt } = accounts.exchange(exchange.header('api-key'));
		exchange.identify(account);
		return exchange.ok({ token, expire_time: new Date(expiresAt).toISOString() });
	};
}
