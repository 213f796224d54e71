//! Whether a session could be begun and ended in this Redis at this moment.
//!
//! Nothing is written: the commands are those that begin and end a session, on keys that are not there, in forms that
//! change only existing values and add none. Redis judges them by its memory, its role, its disk and the rights of our
//! user before it looks for the keys. In a cluster one primary answers for all of them: that one of several is full
//! takes no replica out of service.

use super::keys::{index_key, spent_key, tokens_key};
use super::script::Script;
use super::{Commands, away, events};
use crate::metrics::{StoreCommand, StoreCommands};
use crate::store::StoreError;
use fred::interfaces::KeysInterface;
use fred::types::{Expiration, SetOptions};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower_sessions::session::Id;
use tower_sessions::session_store;

/// An answer is good for so long: strangers may ask for it.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// A place where no session is: places are digests, and this is none.
const NOWHERE: Id = Id(0);

/// Keys: session, tokens, one of the index. Arguments: channels. Whether our user may publish there; 1 where Redis cannot be
/// asked, which is so before 7.0. The `SET` has to be the first write: Redis judges that one by its memory.
const TRY: Script = Script(
    "redis.call('SET', KEYS[1], '', 'XX', 'EX', 1)
redis.call('GET', KEYS[2])
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('TYPE', KEYS[3])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', 0)
redis.call('ZADD', KEYS[3], 'XX', 0, 'nobody')
redis.call('ZRANGE', KEYS[3], 0, -1)
redis.call('EXPIREAT', KEYS[3], 0)
if not redis.acl_check_cmd then return 1 end
for _, channel in ipairs(ARGV) do
  if not redis.acl_check_cmd('PUBLISH', channel, '') then return 0 end
end
return 1",
);

/// The last result. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Readiness {
    found: Arc<Mutex<Option<Finding>>>,
    tells: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Finding {
    at: Instant,
    /// Why not, in the words of Redis.
    failure: Option<String>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self {
            found: Arc::default(),
            tells: Arc::new(AtomicBool::new(true)),
        }
    }
}

impl Readiness {
    /// Asks Redis, or gives an answer that is younger than [`GOOD_FOR`]. Concurrent callers get the same answer.
    pub(super) async fn of(&self, commands: &Commands, measured: &StoreCommands) -> Result<(), StoreError> {
        self.found_by(|| async {
            let asked = measured.measure(StoreCommand::Readiness, Box::pin(asked(commands)));
            let tells = asked.await.map_err(|error| cause(&error))?;
            self.tells.store(tells, Ordering::Relaxed);
            Ok(())
        })
        .await
    }

    /// Whether our user may tell the other replicas of ends and changes, as far as that was found.
    pub(super) fn tells(&self) -> bool {
        self.tells.load(Ordering::Relaxed)
    }

    async fn found_by<Asked>(&self, ask: impl FnOnce() -> Asked) -> Result<(), StoreError>
    where
        Asked: Future<Output = Result<(), String>>,
    {
        let mut found = self.found.lock().await;
        let known = found.take().filter(|finding| finding.at.elapsed() < GOOD_FOR);
        let finding = if let Some(finding) = known {
            finding
        } else {
            let failure = ask().await.err();
            if let Some(cause) = &failure {
                tracing::warn!(
                    code = "session_store_not_ready",
                    cause,
                    "no session could be begun and ended at this moment"
                );
            }
            Finding {
                at: Instant::now(),
                failure,
            }
        };
        let failure = finding.failure.clone();
        *found = Some(finding);
        match failure {
            Some(failure) => Err(StoreError::Away(session_store::Error::Backend(failure))),
            None => Ok(()),
        }
    }
}

fn cause(error: &StoreError) -> String {
    match error {
        StoreError::Away(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// Whether our user may publish where ends and changes are told.
async fn asked(commands: &Commands) -> Result<bool, StoreError> {
    let keys = [NOWHERE.to_string(), tokens_key(&NOWHERE), index_key(&NOWHERE)];
    let channels = vec![events::ENDED.into(), events::CHANGED.into()];
    let tried = TRY.run::<bool>(commands, &keys, channels);
    let is_there = Some(SetOptions::XX);
    let spent = async {
        let expire = Some(Expiration::EX(1));
        let spent = commands.set::<Option<String>, _, _>(spent_key(&NOWHERE), "", expire, is_there, false);
        spent.await.map_err(|error| away(&error))
    };
    let (tells, spent) = tokio::join!(tried, spent);
    spent?;
    tells
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[tokio::test(start_paused = true)]
    async fn however_many_ask_redis_is_asked_once_a_second() {
        let (readiness, asked) = (Readiness::default(), AtomicUsize::new(0));
        let ask = |answer: Result<(), String>| {
            let asked = &asked;
            readiness.found_by(move || async move {
                asked.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(1)).await;
                answer
            })
        };
        let full = || Err("OOM".to_owned());
        let answers = futures::future::join_all((0..50).map(|_| ask(full()))).await;
        assert!(answers.iter().all(Result::is_err));
        assert_eq!(
            asked.load(Ordering::Relaxed),
            1,
            "callers at the same time share one question"
        );
        tokio::time::advance(GOOD_FOR / 2).await;
        assert!(ask(Ok(())).await.is_err(), "the earlier answer still counts");
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        tokio::time::advance(GOOD_FOR).await;
        assert!(ask(Ok(())).await.is_ok(), "Redis is asked again");
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }
}
