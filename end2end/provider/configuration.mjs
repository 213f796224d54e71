// The settings of oidc-provider.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { errorPage, signedOutPage, signOutPage } from './html.mjs';
import { CLAIMS, findAccount } from './people.mjs';

/** There is one confidential client. It is registered with exactly the addresses that it uses. */
export const configuration = ({ publicUrl, clientId, clientSecret, tellsOfLogout }) => ({
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [`${publicUrl}/auth/callback`],
      post_logout_redirect_uris: [`${publicUrl}/signed-out`],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      ...(tellsOfLogout && { backchannel_logout_uri: `${publicUrl}/auth/backchannel-logout` }),
    },
  ],
  jwks: { keys: [signingKey()] },
  cookies: { keys: [randomBytes(32).toString('base64')] },
  pkce: { required: () => true },
  claims: CLAIMS,
  findAccount,
  loadExistingGrant,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    backchannelLogout: { enabled: tellsOfLogout },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = signOutPage(form);
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = signedOutPage();
      },
    },
  },
  // Its own dispatcher refuses loopback addresses, where the application of the tests is.
  fetch: (url, options) => globalThis.fetch(url, { ...options, dispatcher: undefined }),
  renderError: (ctx, out) => {
    ctx.type = 'html';
    ctx.body = errorPage(out);
  },
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: 60,
    Grant: 3600,
    IdToken: 3600,
    Interaction: 600,
    RefreshToken: 3600,
    Session: 3600,
  },
});

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'end2end', alg: 'RS256', use: 'sig' };
}

/** Gives the client every requested scope without a consent page. */
async function loadExistingGrant(ctx) {
  const { client, session, provider, params } = ctx.oidc;
  const { clientId } = client;
  const known = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(clientId);
  const existing = known && (await provider.Grant.find(known));
  if (existing) return existing;
  const grant = new provider.Grant({ clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope);
  await grant.save();
  return grant;
}
