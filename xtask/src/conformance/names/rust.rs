//! The tests of a Rust file, as its syntax says.

use std::collections::BTreeSet;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprLit, Ident, Item, ItemConst, Lit, LitStr, Macro, Meta, Token};

/// The constant whose texts count for the tests beside it.
const TABLE: &str = "MODULES";

/// The macro that runs functions on both stores: the runner's names go on after the function's then.
const ON_BOTH_STORES: &str = "both";

/// A function that the runner of tests runs.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Test {
    /// The modules inside of the file, and the function.
    pub(super) path: Vec<String>,
    /// The lines of its documentation.
    pub(super) documentation: Vec<String>,
    /// The texts of the table in the same module.
    pub(super) table: Vec<String>,
}

pub(super) fn tests(source: &str) -> syn::Result<Vec<Test>> {
    let mut tests = Vec::new();
    add(&mut tests, &syn::parse_file(source)?.items, &[]);
    Ok(tests)
}

fn add(tests: &mut Vec<Test>, items: &[Item], modules: &[String]) {
    let (on_both_stores, table) = (on_both_stores(items), table(items));
    let within = |name: &Ident| [modules, &[name.to_string()]].concat();
    let test = |attributes: &[Attribute], name: &Ident| Test {
        path: within(name),
        documentation: documentation(attributes),
        table: table.clone(),
    };
    for item in items {
        match item {
            Item::Fn(function) => {
                let name = &function.sig.ident;
                if is_test(&function.attrs) || on_both_stores.contains(name) {
                    tests.push(test(&function.attrs, name));
                }
            }
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    add(tests, items, &within(&module.ident));
                }
            }
            Item::Macro(invocation) if invocation.ident.is_none() => {
                let functions = invocation.mac.parse_body::<Functions>().map(|functions| functions.0);
                let generated = functions.unwrap_or_default().into_iter();
                tests.extend(
                    generated
                        .filter(|(attributes, _)| is_test(attributes))
                        .map(|(attributes, name)| test(&attributes, &name)),
                );
            }
            _ => {}
        }
    }
}

/// `#[test]` or `#[tokio::test]`, with arguments or without.
fn is_test(attributes: &[Attribute]) -> bool {
    let is_it = |attribute: &Attribute| {
        attribute
            .path()
            .segments
            .last()
            .is_some_and(|last| last.ident == "test")
    };
    attributes.iter().any(is_it)
}

fn documentation(attributes: &[Attribute]) -> Vec<String> {
    let line = |attribute: &Attribute| {
        let Meta::NameValue(meta) = &attribute.meta else {
            return None;
        };
        let Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) = &meta.value
        else {
            return None;
        };
        meta.path.is_ident("doc").then(|| text.value().trim().to_owned())
    };
    attributes.iter().filter_map(line).collect()
}

/// The functions that are named in an invocation of `both!` among these items.
fn on_both_stores(items: &[Item]) -> BTreeSet<Ident> {
    let listed = |mac: &Macro| mac.parse_body_with(Punctuated::<Ident, Token![,]>::parse_terminated);
    let of = |item: &Item| match item {
        Item::Macro(invocation) if invocation.mac.path.is_ident(ON_BOTH_STORES) => listed(&invocation.mac).ok(),
        _ => None,
    };
    items.iter().filter_map(of).flatten().collect()
}

/// The texts of the table among these items.
fn table(items: &[Item]) -> Vec<String> {
    let mut texts = Texts::default();
    for item in items {
        if let Item::Const(constant) = item {
            texts.visit_item_const(constant);
        }
    }
    texts.0
}

#[derive(Default)]
struct Texts(Vec<String>);

impl<'ast> Visit<'ast> for Texts {
    fn visit_item_const(&mut self, constant: &'ast ItemConst) {
        if constant.ident == TABLE {
            visit::visit_item_const(self, constant);
        }
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.0.push(text.value());
    }
}

/// The functions in a macro's invocation, each with its attributes, as `proptest!` has them.
struct Functions(Vec<(Vec<Attribute>, Ident)>);

impl Parse for Functions {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut functions = Vec::new();
        input.call(Attribute::parse_inner)?;
        while !input.is_empty() {
            let attributes = input.call(Attribute::parse_outer)?;
            input.parse::<Option<Token![async]>>()?;
            if input.parse::<Option<Token![fn]>>()?.is_some() {
                functions.push((attributes, input.parse()?));
            } else {
                skip(input)?;
            }
        }
        Ok(Self(functions))
    }
}

/// One token, or a whole group in brackets.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    input.step(|cursor| match cursor.token_tree() {
        Some((_, rest)) => Ok(((), rest)),
        None => Err(cursor.error("a token was expected")),
    })
}
