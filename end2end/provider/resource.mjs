// A small API that accepts this provider's access tokens. The relay calls it:
//
//   GET /resource/whoami   the person and the client of the token, its type and length, and the names of the request's headers
//   GET /resource/orders   the person's orders
//   GET /resource/events   server-sent events `tick`, one every tenth of a second
//
// The development provider has the same API with the same answers.

const ORDERS = [
  {
    number: '2026-0418',
    placed: '2026-05-11',
    state: 'shipped',
    currency: 'EUR',
    total_cents: 8560,
    items: [
      { name: 'Cargo bike tyre 26 × 2.15', count: 2, price_cents: 3490 },
      { name: 'Inner tube', count: 2, price_cents: 790 },
    ],
  },
  {
    number: '2026-0371',
    placed: '2026-04-02',
    state: 'delivered',
    currency: 'EUR',
    total_cents: 5995,
    // A page that does not escape the name runs the script.
    items: [{ name: '<img src=x onerror=console.error(1)>', count: 1, price_cents: 5995 }],
  },
];

/** Answers a request under `/resource/`. */
export async function resource(provider, request, response) {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  const token = scheme === 'Bearer' ? await provider.AccessToken.find(value) : undefined;
  const { pathname } = new URL(request.url, provider.issuer);
  if (!token) {
    json(response, 401, { error: 'invalid_token' });
  } else if (pathname === '/resource/whoami') {
    json(response, 200, {
      sub: token.accountId,
      scope: token.scope,
      client_id: token.clientId,
      headers: Object.keys(request.headers).sort(),
      bearer: true,
      scheme,
      token_length: value.length,
    });
  } else if (pathname === '/resource/orders') {
    json(response, 200, ORDERS);
  } else if (pathname === '/resource/events') {
    events(response);
  } else {
    json(response, 404, {});
  }
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function events(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let count = 0;
  const tick = () => {
    response.write(`event: tick\nid: ${count}\ndata: ${JSON.stringify({ count })}\n\n`);
    count += 1;
  };
  tick();
  const ticking = setInterval(tick, 100);
  response.on('close', () => clearInterval(ticking));
}
