// Signing in at the provider, between the authorization request and its response.

import { signInPage } from './html.mjs';
import { AUTHENTICATED_AGO, isPassword } from './people.mjs';

/** Answers `/interaction/:uid`: shows the sign-in page, and handles its form. */
export async function interaction(provider, request, response) {
  // This throws if the interaction is unknown or belongs to another browser.
  await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return show(response);
  const form = new URLSearchParams(await body(request));
  const username = form.get('username') ?? '';
  if (form.get('answer') === 'cancel') {
    return finish(provider, request, response, {
      error: 'access_denied',
      error_description: 'the person cancelled <b>the sign-in</b>',
    });
  }
  if (!isPassword(username, form.get('password'))) return show(response, username);
  const ts = Math.floor(Date.now() / 1000) - (AUTHENTICATED_AGO[username] ?? 0);
  return finish(provider, request, response, { login: { accountId: username, ts } });
}

const finish = (provider, request, response, result) =>
  provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });

function show(response, refused) {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(signInPage(refused));
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
