//! The page on which a sign-in lands. It is a parameter, and anybody can put that into a link.

mod oracle;

use crate::corpus;
use crate::mutation;
use crate::run::{Verdict, run};
use axum::http::HeaderValue;
use axum_bff::config::PublicUrl;
use axum_bff::return_to::ReturnTo;

const CASES: u64 = 8000;

/// RED-01, RED-03, RED-04
///
/// A target counts as accepted if it is kept as it was sent. It counts as refused if it loses its fragment or becomes
/// the home page. The oracle checks RED-03 and RED-04 too.
#[test]
fn a_sign_in_lands_on_a_page_of_this_origin() {
    let root = PublicUrl::parse("https://app.example.com", false).expect("an origin");
    run(
        "return_to",
        CASES,
        mutation::mutated(corpus::all("return_to"), "/"),
        |target| {
            let judged = ReturnTo::judge(target);
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("return_to", target)
                .finish();
            if ReturnTo::of_query(&query, &root).as_ref() != Some(&judged) || ReturnTo::judge(judged.as_str()) != judged
            {
                return Err("judged in two different ways".to_owned());
            }
            if HeaderValue::from_str(judged.as_str()).is_err() {
                return Err("it cannot be the value of a header".to_owned());
            }
            oracle::is_page_of_ours(judged.as_str())?;
            let kept = judged.as_str();
            if kept == target {
                Ok(Verdict::Accepted)
            } else if oracle::is_plain(target) {
                Err("dropped, although it is plainly a page".to_owned())
            } else if kept == "/" || target.split('#').next() == Some(kept) {
                Ok(Verdict::Refused)
            } else {
                Err(format!("turned into {kept}"))
            }
        },
    );
}
