//! The steps by which a session began.

use super::Session;
use bff_session::CodeFlow;
use bff_session::store::StoreError;

impl<C> Session<C> {
    /// The steps of the sign-in by which this session began, and its latest refreshes: lengths, algorithms and times. They
    /// hold no value and no part of one, so a page may show them to their person. One read of the store, beside the one
    /// that each request costs.
    ///
    /// None: the session began on a replica of an earlier version, or ended meanwhile.
    ///
    /// ```
    /// use axum_bff::Session;
    /// use axum_bff::error::Error;
    ///
    /// async fn how(session: Session) -> Result<String, Error> {
    ///     let Some(flow) = session.code_flow().await? else {
    ///         return Ok("Nobody wrote it down.".to_owned());
    ///     };
    ///     Ok(format!("{:?} at the provider, {:?} for the tokens", flow.at_provider, flow.token_request))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store does not answer.
    pub async fn code_flow(&self) -> Result<Option<CodeFlow>, StoreError> {
        let flow = self.bff.sessions.code_flow(&self.presented.id).await;
        flow.inspect_err(|error| {
            tracing::warn!(
                code = error.code(),
                cause = ?error,
                "the code flow of a session cannot be read"
            );
        })
    }
}
