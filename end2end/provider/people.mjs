// The people who can sign in, and their claims.

/** All people have the same password, because the tests are not about passwords. */
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
  // The provider gives a wrong `auth_time` for her: see AUTHENTICATED_AGO.
  olga: {
    name: 'Olga Brandt',
    preferred_username: 'olga',
    email: 'olga@example.com',
    email_verified: true,
  },
  // The name is markup. A page that does not escape it runs the script (HDR-12).
  mallory: {
    name: '</script><script>console.error("run")</script><img src=x onerror=console.error(1)>',
    preferred_username: 'mallory',
    email: 'mallory@example.com',
    email_verified: true,
  },
};

/** The provider says that the person authenticated so many seconds ago, even if the person has just done it. */
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

/** Whether this is the password of a known person. */
export function isPassword(username, password) {
  return Object.hasOwn(PEOPLE, username) && password === PASSWORD;
}

let readings = 0;

/**
 * The account in the form that oidc-provider needs. The nickname differs at each reading, so that a test can see that
 * claims were read again.
 */
export function findAccount(_ctx, username) {
  if (!Object.hasOwn(PEOPLE, username)) return undefined;
  const claims = () => {
    readings += 1;
    return { sub: username, nickname: `reading ${readings}`, ...PEOPLE[username] };
  };
  return { accountId: username, claims };
}
