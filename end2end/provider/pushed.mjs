// The parameters of pushed authorization requests (RFC 9126). The browser carries only a reference, so the tests cannot
// read the parameters there.

/** Records `max_age` of each pushed request, by its `request_uri`. */
export function recordPushed(provider) {
  const pushed = {};
  provider.on('pushed_authorization_request.success', (ctx) => {
    pushed[ctx.body.request_uri] = ctx.oidc.body.max_age ?? null;
  });
  return pushed;
}
