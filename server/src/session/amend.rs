//! What is learnt of a person while the session goes on.

use super::record::UserSession;
use super::store::StoreError;
use super::{SessionId, Sessions};

impl Sessions {
    /// Changes what is known of the person. Nothing is written where nothing changes, and a session that has ended stays
    /// ended.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer: then the same change may be made again.
    pub async fn amend(&self, id: &SessionId, change: impl Fn(&mut UserSession) + Send) -> Result<(), StoreError> {
        let Some(place) = self.place(id) else {
            return Ok(());
        };
        let live = self.read_session(place).await?;
        let Some(live) = live.filter(|live| self.lifetime.is_live(live, self.clock.now())) else {
            return Ok(());
        };
        let mut changed = (*live).clone();
        change(&mut changed);
        if changed != *live {
            self.update(&live, change).await?;
        }
        Ok(())
    }
}
