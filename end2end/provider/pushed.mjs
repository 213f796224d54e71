// What authorization requests asked for that were pushed here (RFC 9126): the browser carries a
// reference only, so that the tests cannot read it there.

/** Records `max_age` of each pushed request, by its `request_uri`. */
export function recordPushed(provider) {
  const pushed = {};
  provider.on('pushed_authorization_request.success', (ctx) => {
    pushed[ctx.body.request_uri] = ctx.oidc.body.max_age ?? null;
  });
  return pushed;
}
