use super::*;
use bff_clock::ManualClock;
use std::future::pending;
use time::OffsetDateTime;

fn clock() -> ManualClock {
    ManualClock::new(OffsetDateTime::UNIX_EPOCH)
}

async fn asked<R>(hook: impl Fn(()) -> R + Send + Sync + 'static) -> Result<Option<AccountRecord>, HookError>
where
    R: Future<Output = Result<Account, ApplicationError>> + Send + 'static,
{
    Hook::new(hook).ask((), &clock()).await
}

#[tokio::test]
async fn an_application_without_a_hook_decides_nothing() {
    let answer = Hook::<()>::default().ask((), &clock()).await;
    assert!(matches!(answer, Ok(None)));
}

#[tokio::test]
async fn every_answer_that_is_no_account_is_an_error_with_a_code_of_its_own() {
    let error = async |answer: Result<Option<AccountRecord>, HookError>| answer.expect_err("no account").code();
    let refused = asked(async |()| Err(Refusal::new("closed").into())).await;
    assert_eq!(error(refused).await, "hook_refused");
    let failed = asked(async |()| Err("the database is away".into())).await;
    assert_eq!(error(failed).await, "hook_failed");
    let panicked = asked(async |()| panic!("on purpose")).await;
    assert_eq!(error(panicked).await, "hook_panicked");
    let large = asked(async |()| Ok(Account::new().data(&"x".repeat(4096))?)).await;
    assert_eq!(error(large).await, "hook_data_too_large");
    let roles = asked(async |()| Ok(Account::new().roles((0..257).map(|number| number.to_string())))).await;
    assert_eq!(error(roles).await, "hook_roles_too_large");
    let role = asked(async |()| Ok(Account::new().role("x".repeat(257)))).await;
    assert_eq!(error(role).await, "hook_roles_too_large");
}

#[tokio::test]
async fn a_hook_that_panics_before_its_future_fails_as_well() {
    let hook = |()| -> std::future::Ready<Result<Account, ApplicationError>> { panic!("on purpose") };
    assert!(matches!(asked(hook).await, Err(HookError::Panicked)));
}

#[tokio::test]
async fn a_hook_that_hangs_ends_by_the_clock() {
    let clock = clock();
    let hook = Hook::new(|()| pending::<Result<Account, ApplicationError>>());
    let asking = hook.ask((), &clock);
    tokio::pin!(asking);
    assert!(asking.as_mut().now_or_never().is_none(), "the hook may still answer");
    clock.advance(std::time::Duration::from_secs(10));
    assert!(matches!(asking.await, Err(HookError::Timeout)));
}
