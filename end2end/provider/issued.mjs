// The secrets that passed through the provider. The tests search for them in places where they must not be.

/**
 * Records the secrets that the provider issues and those that the client sends. Each entry is `{ kind, value }`.
 */
export function recordIssued(provider) {
  const issued = [];
  const record = (kind, value) => {
    if (value) issued.push({ kind, value });
  };
  provider.on('authorization.success', (ctx, response) => {
    record('code', response.code);
    record('nonce', ctx.oidc.params.nonce);
  });
  provider.on('grant.success', (ctx) => {
    record('code_verifier', ctx.oidc.params.code_verifier);
    for (const kind of ['access_token', 'id_token', 'refresh_token']) record(kind, ctx.body[kind]);
  });
  return issued;
}
