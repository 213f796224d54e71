// Everything secret that passed through the provider: the tests search for it where it must not be.

/**
 * Records what the provider hands out and what the client proves itself with.
 * Each entry is `{ kind, value }`.
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
