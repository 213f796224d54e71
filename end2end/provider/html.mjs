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

/** Asks for username and password. `refused` is the username whose password was wrong. */
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

/** Asks whether the session at the provider is to end. `form` has the id `op.logoutForm`. */
export const signOutPage = (form) =>
  page(
    'Sign out at the provider?',
    `${form}
<p><button form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>
<button form="op.logoutForm">No, stay signed in</button></p>`,
  );

/** An error that the provider does not tell the client, because it does not trust the address. */
export const errorPage = ({ error, error_description: description }) =>
  page('The provider refused', `<p role="alert">${escape(`${error}: ${description}`)}</p>`);
