//! Records in a file.

use super::*;

#[tokio::test]
async fn a_rotated_file_is_left_and_the_path_gets_a_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.json");
    let (audit, _) = audit(AuditTarget::File(path.clone()));
    audit.tell(event(EventKind::SignedIn, "alice"));
    audit.written().await;
    let rotated = folder.path().join("audit.json.1");
    std::fs::rename(&path, &rotated).expect("rotated");
    audit.tell(event(EventKind::SignedIn, "bob"));
    audit.written().await;
    assert_eq!(subjects(&records_of(&rotated)), ["alice"]);
    assert_eq!(subjects(&records_of(&path)), ["bob"]);
    std::fs::remove_file(&path).expect("deleted");
    audit.tell(event(EventKind::SignedIn, "carol"));
    audit.written().await;
    assert_eq!(subjects(&records_of(&path)), ["carol"]);
}

#[tokio::test]
async fn a_file_that_was_there_is_appended_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.json");
    for name in ["alice", "bob"] {
        let (audit, _) = audit(AuditTarget::File(path.clone()));
        audit.tell(event(EventKind::SignedIn, name));
        audit.written().await;
    }
    assert_eq!(subjects(&records_of(&path)), ["alice", "bob"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.json");
    let _audit = audit(AuditTarget::File(path.clone()));
    let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, clock) = clock();
    for path in [
        folder.path().join("missing").join("audit.json"),
        folder.path().to_owned(),
    ] {
        let refused = Audit::start(settings(AuditTarget::File(path)), &keys(), &clock);
        assert!(matches!(refused, Err(AuditError::Open { .. })), "{refused:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_stops_the_start() {
    let (audit, _) = audit(AuditTarget::File("/dev/full".into()));
    audit.tell(event(EventKind::SignedIn, "alice"));
    let first = audit.first_written().await;
    assert!(matches!(first, Err(AuditError::Write(_))), "{first:?}");
}

#[tokio::test]
async fn records_wait_while_the_file_cannot_be_written_and_are_written_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let (here, away) = (folder.path().join("here"), folder.path().join("away"));
    std::fs::create_dir(&here).expect("a folder");
    let path = here.join("audit.json");
    let (audit, clock) = audit(AuditTarget::File(path.clone()));
    audit.tell(event(EventKind::SignedIn, "alice"));
    audit.written().await;
    audit.first_written().await.expect("the first record is there");
    std::fs::rename(&here, &away).expect("the folder goes");
    for name in ["bob", "carol"] {
        audit.tell(event(EventKind::SignedIn, name));
    }
    let waits = tokio::time::timeout(Duration::from_millis(300), audit.written()).await;
    assert!(waits.is_err());
    assert_eq!(audit.unwritten(), 2);
    std::fs::rename(&away, &here).expect("the folder is back");
    while_time_passes(&clock, audit.written()).await;
    assert_eq!(subjects(&records_of(&path)), ["alice", "bob", "carol"]);
}

/// The signal ends a process that does not listen for it: so the test listens first.
#[cfg(unix)]
#[tokio::test]
async fn a_hangup_opens_the_path_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.json");
    let (audit, _) = audit(AuditTarget::File(path.clone()));
    audit.tell(event(EventKind::SignedIn, "alice"));
    audit.written().await;
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::HUP).expect("a signal to itself");
    audit.tell(event(EventKind::SignedIn, "bob"));
    audit.written().await;
    assert_eq!(subjects(&records_of(&path)), ["alice", "bob"]);
}
