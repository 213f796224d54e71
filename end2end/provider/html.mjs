// The provider's pages.

const escape = (text) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const page = (title, content) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<main>
<h1>${title}</h1>
${content}
</main>
</html>`;

/** The page that asks for username and password. `refused` is the username if the password was wrong. */
export const signInPage = (refused) =>
  page(
    'Sign in at the provider',
    `${refused === undefined ? '' : '<p role="alert">Wrong username or password.</p>'}
<form method="post">
<p><label>Username <input name="username" autocomplete="username" value="${escape(refused ?? '')}"></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
<p><button name="answer" value="sign-in">Sign in</button>
<button name="answer" value="cancel">Cancel</button></p>
</form>`,
  );

/** The page that asks whether the session at the provider should end. `form` is a form with the id `op.logoutForm`. */
export const signOutPage = (form) =>
  page(
    'Sign out at the provider?',
    `${form}
<p><button form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>
<button form="op.logoutForm">No, stay signed in</button></p>`,
  );

/** The page after a sign-out that no application began. */
export const signedOutPage = () => page('Signed out at the provider', '');

/** The page for an error that the provider does not send to the client, because it does not trust the redirect URI. */
export const errorPage = ({ error, error_description: description }) =>
  page('The provider refused', `<p role="alert">${escape(`${error}: ${description}`)}</p>`);
