//! A browser that had a session before closes its connection during the callback.

use crate::browser::Browser;
use crate::world::World;
use axum::Router;
use axum_bff::revocation::Revocations;
use axum_bff::tasks::Tasks;
use provider::{Endpoint, Fault};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;

/// A replica, and its work in the background.
struct Replica {
    router: Router,
    tasks: Tasks,
    revocations: Revocations,
}

impl Replica {
    async fn start(world: &World, settings: &[(&str, &str)]) -> Self {
        let (give, background) = std::sync::mpsc::channel();
        let router = world
            .replica_setting(settings, move |parts| {
                let parts = (parts.tasks.clone(), parts.revocations.clone());
                give.send(parts).expect("the test waits for them");
            })
            .await;
        let (tasks, revocations) = background.recv().expect("the parts");
        Self {
            router,
            tasks,
            revocations,
        }
    }

    /// Waits until the replica has finished its work in the background.
    async fn rests(&self) {
        let rest = async {
            self.tasks.done().await;
            self.revocations.done().await;
        };
        tokio::time::timeout(Duration::from_secs(20), rest)
            .await
            .expect("the work is finished in time");
    }

    /// Opens the callback, and closes the connection once `happened` resolves.
    async fn closes(&self, browser: &Browser, callback: &str, happened: impl Future<Output = ()>) {
        let (mut tab, callback) = (browser.at(self.router.clone()), callback.to_owned());
        let closing = tokio::spawn(async move { tab.open(&callback).await });
        happened.await;
        closing.abort();
        assert!(closing.await.expect_err("it was closed").is_cancelled());
    }
}

fn sessions(world: &World) -> usize {
    world.redis.keys().iter().filter(|key| !key.contains(':')).count()
}

fn revoked(world: &World) -> Vec<String> {
    let calls = world.provider.calls_to(Endpoint::Revocation);
    calls
        .iter()
        .filter_map(|call| call.parameter("token").map(str::to_owned))
        .collect()
}

/// Whether Alice's session in this browser still lives, the person who signs in, and the number of revoked tokens. The
/// new tokens are revoked, except where Alice signs in again and her session lives: that could take the session's
/// tokens too.
const CASES: [(bool, &str, usize); 3] = [(true, "bob", 2), (true, "alice", 0), (false, "alice", 2)];

#[tokio::test]
async fn a_browser_that_closes_during_the_callback_keeps_its_session_and_holds_no_other() {
    for (lives, who, tokens) in CASES {
        let world = World::start_refreshing(|_| ()).await;
        let replica = Replica::start(&world, &[]).await;
        let mut browser = world.signed_in("alice").await;
        let of_alice = world.provider.issued_secrets();
        let callback = browser.callback_address(&world.provider, who, "/profile").await;
        if !lives {
            let mut other_tab = browser.clone();
            other_tab.submit("/auth/logout").await;
            world
                .until("her tokens are revoked", async || revoked(&world).len() == 2)
                .await;
        }
        world.provider.forget_calls();
        world.inject(Fault::Hang(Endpoint::Userinfo));
        let redeemed = world.until("the code is redeemed", async || {
            !world.provider.calls_to(Endpoint::Userinfo).is_empty()
        });
        replica.closes(&browser, &callback, redeemed).await;
        world.provider.heal();
        replica.rests().await;
        assert_eq!(sessions(&world), usize::from(lives), "{who}, {lives}");
        assert_eq!(revoked(&world).len(), tokens, "{who}, {lives}");
        assert!(
            revoked(&world).iter().all(|token| !of_alice.contains(token)),
            "only new tokens are revoked"
        );
        if lives {
            assert!(browser.session().await.to_string().contains("Alice"), "{who}");
        }
    }
}

/// The browser closes while the store ends its earlier session. The cookie of that session is then worthless.
#[tokio::test]
async fn a_browser_that_closes_while_its_session_is_replaced_leaves_nothing_behind() {
    for who in ["alice", "bob"] {
        let world = World::start_refreshing(|_| ()).await;
        let redis = HeldBack::start(&world, b":ended");
        let replica = Replica::start(&world, &[("BFF_REDIS_URL", &redis.url())]).await;
        let mut browser = world.signed_in("alice").await;
        let callback = browser.callback_address(&world.provider, who, "/profile").await;
        world.provider.forget_calls();
        replica.closes(&browser, &callback, redis.came()).await;
        assert_eq!(
            sessions(&world),
            2,
            "{who}: the old and the new session, at that moment"
        );
        redis.go_on();
        replica.rests().await;
        assert_eq!(sessions(&world), 0, "{who}");
        assert_eq!(revoked(&world).len(), 4, "{who}: the tokens of both sessions");
        assert_eq!(browser.session().await["status"], "ended", "{who}");
    }
}

#[tokio::test]
async fn a_login_of_another_person_and_no_other_has_the_earlier_tokens_revoked() {
    for (who, tokens) in [("bob", 2), ("alice", 0)] {
        let world = World::start_refreshing(|_| ()).await;
        let replica = Replica::start(&world, &[]).await;
        let mut browser = world.signed_in("alice").await.at(replica.router.clone());
        let of_alice = world.provider.issued_secrets();
        browser.sign_in(&world.provider, who, "/profile").await;
        replica.rests().await;
        assert_eq!(sessions(&world), 1, "{who}");
        assert_eq!(revoked(&world).len(), tokens, "{who}");
        assert!(
            revoked(&world).iter().all(|token| of_alice.contains(token)),
            "{who}: only old tokens are revoked"
        );
    }
}

/// A proxy before Redis. It holds back the commands of a replica as soon as this text is in one of them.
struct HeldBack {
    folder: tempfile::TempDir,
    came: Arc<Semaphore>,
    on: Arc<Semaphore>,
}

impl HeldBack {
    fn start(world: &World, text: &'static [u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let way = Self {
            folder,
            came: Arc::new(Semaphore::new(0)),
            on: Arc::new(Semaphore::new(0)),
        };
        let listener = UnixListener::bind(way.socket()).expect("a socket");
        let url = world.redis.url();
        let redis = PathBuf::from(url.strip_prefix("redis+unix://").expect("a socket"));
        let (came, on) = (way.came.clone(), way.on.clone());
        tokio::spawn(async move {
            while let Ok((replica, _)) = listener.accept().await {
                let redis = UnixStream::connect(&redis).await.expect("redis-server answers");
                tokio::spawn(carry(replica, redis, text, (came.clone(), on.clone())));
            }
        });
        way
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("way.sock")
    }

    fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    async fn came(&self) {
        let came = tokio::time::timeout(Duration::from_secs(20), self.came.acquire()).await;
        came.expect("in time").expect("open").forget();
    }

    /// Lets all commands pass, those that are held back and those to come.
    fn go_on(&self) {
        self.on.add_permits(Semaphore::MAX_PERMITS / 2);
    }
}

async fn carry(replica: UnixStream, redis: UnixStream, text: &[u8], (came, on): (Arc<Semaphore>, Arc<Semaphore>)) {
    let (mut questions, mut to_replica) = replica.into_split();
    let (mut answers, mut to_redis) = redis.into_split();
    let back = async { tokio::io::copy(&mut answers, &mut to_replica).await };
    let forth = async {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = questions.read(&mut bytes).await {
            let sent = &bytes[..count];
            if sent.windows(text.len()).any(|part| part == text) {
                came.add_permits(1);
                on.acquire().await.expect("open").forget();
            }
            if to_redis.write_all(sent).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        _ = back => {}
        () = forth => {}
    }
}
