// The people who can sign in, and what the provider says about them.

/** Their passwords are the same on purpose: the tests are about the client, not about passwords. */
export const PASSWORD = 'correct horse battery staple';

const PEOPLE = {
  alice: {
    name: 'Alice van Dam',
    given_name: 'Alice',
    family_name: 'van Dam',
    preferred_username: 'alice',
    email: 'alice@example.com',
    email_verified: true,
    locale: 'nl-NL',
    zoneinfo: 'Europe/Amsterdam',
    updated_at: 1_700_000_000,
    roles: ['admin'],
  },
  bob: {
    name: 'Bob Müller',
    given_name: 'Bob',
    family_name: 'Müller',
    preferred_username: 'bob',
    email: 'bob@example.com',
    email_verified: false,
  },
  // The provider says of her what it should not: see AUTHENTICATED_AGO.
  olga: {
    name: 'Olga Brandt',
    preferred_username: 'olga',
    email: 'olga@example.com',
    email_verified: true,
  },
  // A name that is markup: whoever shows it unescaped runs it (HDR-12).
  mallory: {
    name: '</script><script>console.error("run")</script><img src=x onerror=console.error(1)>',
    preferred_username: 'mallory',
    email: 'mallory@example.com',
    email_verified: true,
  },
};

/** How many seconds ago a person authenticated, as the provider has it: even if they did just now, because a client asked. */
export const AUTHENTICATED_AGO = { olga: 3600 };

/** The claims of each scope. */
export const CLAIMS = {
  openid: ['sub'],
  profile: [
    'name',
    'given_name',
    'family_name',
    'nickname',
    'preferred_username',
    'locale',
    'zoneinfo',
    'updated_at',
    'roles',
  ],
  email: ['email', 'email_verified'],
};

/** Whether this is the person's password. */
export function isPassword(username, password) {
  return Object.hasOwn(PEOPLE, username) && password === PASSWORD;
}

let readings = 0;

/**
 * The account as oidc-provider wants it. The nickname differs at each reading, so that a test can
 * see that claims were read again.
 */
export function findAccount(_ctx, username) {
  if (!Object.hasOwn(PEOPLE, username)) return undefined;
  const claims = () => {
    readings += 1;
    return { sub: username, nickname: `reading ${readings}`, ...PEOPLE[username] };
  };
  return { accountId: username, claims };
}
