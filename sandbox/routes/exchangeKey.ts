import type { Core } from '../core';
import type { Handler } from '../serve';

/** GET /prod-api/user/apikey2token: exchanges the API key in the `Api-Key` header for a token. */
export function exchangeKey({ accounts }: Core): Handler {
	return (exchange) => {
		exchange.assertMethod('GET');
		exchange.assertQuery();
		const { account, token, expiresAt } = accounts.exchange(exchange.header('api-key'));
		exchange.identify(account);
		return exchange.ok({ token, expire_time: new Date(expiresAt).toISOString() });
	};
}
