//! Request parameters, read as RFC 6749 §3.1 says: none twice, an empty one counts as absent.

use std::fmt;

use url::form_urlencoded;

/// A protocol parameter came more than once; holds its name.
#[derive(Debug)]
pub(crate) struct Repeated(pub(crate) &'static str);

impl fmt::Display for Repeated {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} came more than once", self.0)
    }
}

/// The parameters of one request, in the order they came.
#[derive(Debug)]
pub(crate) struct Parameters<'a>(pub(crate) &'a [(String, String)]);

impl<'a> Parameters<'a> {
    /// The parameter's value; `None` if it is absent or empty.
    pub(crate) fn get(&self, name: &'static str) -> Result<Option<&'a str>, Repeated> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        let value = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            Some(_) => Err(Repeated(name)),
            None => Ok(value.filter(|value| !value.is_empty())),
        }
    }
}

/// The pairs of an `application/x-www-form-urlencoded` text: a query or a form.
pub(crate) fn decode_pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// One form-encoded value, as in HTTP Basic credentials (RFC 6749 §2.3.1). `None` if it cannot be one value.
pub(crate) fn decode_value(text: &str) -> Option<String> {
    let pair = format!("value={text}");
    let mut pairs = form_urlencoded::parse(pair.as_bytes());
    let (_, value) = pairs.next()?;
    pairs.next().is_none().then(|| value.into_owned())
}
