// The certified OpenID Provider as a process of its own.
//
// It reads PUBLIC_URL, CLIENT_ID, CLIENT_SECRET and BACKCHANNEL_LOGOUT from the environment, listens on a free port of 127.0.0.1, and
// prints `issuer <URL>` to its standard output when it is ready. It ends when its standard input closes, so it never
// outlives the tests.
//
// Paths besides the protocol: `/interaction/:uid` is the sign-in page. `/issued` lists the issued secrets, for the
// tests that search for them elsewhere. `/pushed` lists the parameters of pushed requests. `/resource/` is an API for
// the access tokens.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { configuration } from './configuration.mjs';
import { interaction } from './interaction.mjs';
import { recordIssued } from './issued.mjs';
import { recordPushed } from './pushed.mjs';
import { resource } from './resource.mjs';

const { PUBLIC_URL: publicUrl, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } = process.env;
const tellsOfLogout = process.env.BACKCHANNEL_LOGOUT === 'on';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration({ publicUrl, clientId, clientSecret, tellsOfLogout }));
  provider.on('server_error', (_ctx, error) => console.error(error));
  provider.on('backchannel.error', (_ctx, error) => console.error(error));
  const records = { '/issued': recordIssued(provider), '/pushed': recordPushed(provider) };
  const protocol = provider.callback();

  server.on('request', (request, response) => {
    if (request.url.startsWith('/interaction/')) {
      interaction(provider, request, response).catch((error) => {
        response.writeHead(400, { 'content-type': 'text/plain' }).end(error.name);
      });
    } else if (request.url.startsWith('/resource/')) {
      resource(provider, request, response).catch((error) => {
        response.writeHead(500, { 'content-type': 'text/plain' }).end(error.name);
      });
    } else if (request.url in records) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(records[request.url]));
    } else {
      protocol(request, response);
    }
  });
  console.log(`issuer ${issuer}`);
});

process.stdin.resume().on('end', () => process.exit(0));
